"""Puts words that are anagrams of each other together."""


def letters(word):
    return sorted(c for c in word.lower() if c.isalpha())


# sigil: improve
def anagram_groups(words):
    """Groups of two or more different words, largest group first, words in alphabetical order."""
    groups = []
    for word in words:
        placed = False
        for group in groups:
            if letters(group[0]) == letters(word):
                if word.lower() not in [w.lower() for w in group]:
                    group.append(word)
                placed = True
                break
        if not placed:
            groups.append([word])
    groups = [sorted(g, key=str.lower) for g in groups if len(g) > 1]
    return sorted(groups, key=lambda g: (-len(g), g[0].lower()))
