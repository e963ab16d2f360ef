"""Full text search over notes, with the hits wrapped in <mark>."""
import html

CONTEXT = 24


def normalise(text):
    return " ".join(text.split())


# sigil: improve
def search(notes, query, limit=10):
    """Notes that hold every word of the query, best score first, each with a highlighted snippet."""
    terms = [t for t in query.lower().split(" ") if t != ""]
    results = []
    for note in notes:
        score = 0
        missing = False
        for term in terms:
            count = normalise(note["title"]).lower().count(term) * 5 + normalise(note["body"]).lower().count(term)
            if count == 0:
                missing = True
            score += count
        if missing or not terms:
            continue

        body = normalise(note["body"])
        marked = ""
        i = 0
        while i < len(body):
            hit = None
            for term in sorted(terms, key=len, reverse=True):
                if body[i:].lower().startswith(term):
                    hit = term
                    break
            if hit is None:
                marked = marked + html.escape(body[i])
                i += 1
            else:
                marked = marked + "<mark>" + html.escape(body[i:i + len(hit)]) + "</mark>"
                i += len(hit)

        first = marked.find("<mark>")
        start = max(0, first - CONTEXT)
        results.append({"id": note["id"], "score": score, "snippet": marked[start:first + 80], "hits": marked.count("<mark>")})

    results.sort(key=lambda r: r["id"])
    results.sort(key=lambda r: r["score"], reverse=True)
    return results[:limit]
