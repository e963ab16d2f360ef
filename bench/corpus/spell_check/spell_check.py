"""A small spell checker: known words pass, others get suggestions one edit away."""
import string


def split_words(text):
    word = ""
    words = []
    for ch in text:
        if ch.isalpha() or ch == "'":
            word += ch
        else:
            if word:
                words.append(word)
            word = ""
    if word:
        words.append(word)
    return words


# sigil: improve
def check(text, dictionary):
    """List of [position, word, suggestions] for the words that are not in the dictionary.

    dictionary is a list of [word, frequency], most frequent first.
    """
    known = [entry[0] for entry in dictionary]
    problems = []
    for position, original in enumerate(split_words(text)):
        word = original.lower()
        if word in known or word.isdigit():
            continue
        candidates = []
        for i in range(len(word) + 1):
            left = word[:i]
            right = word[i:]
            if right:
                candidates.append(left + right[1:])
            if len(right) > 1:
                candidates.append(left + right[1] + right[0] + right[2:])
            for letter in string.ascii_lowercase:
                if right:
                    candidates.append(left + letter + right[1:])
                candidates.append(left + letter + right)
        suggestions = []
        for candidate in candidates:
            if candidate in known and candidate not in suggestions:
                suggestions.append(candidate)
        suggestions.sort(key=lambda s: known.index(s))
        problems.append([position, original, suggestions[:5]])
    return problems
