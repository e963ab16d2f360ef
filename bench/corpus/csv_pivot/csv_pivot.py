"""Pivot table from a sales export in CSV."""


def parse_csv(text):
    rows = []
    for line in text.split("\n"):
        if line.strip() == "":
            continue
        fields = []
        field = ""
        quoted = False
        for ch in line:
            if ch == '"':
                quoted = not quoted
            elif ch == "," and not quoted:
                fields.append(field)
                field = ""
            else:
                field += ch
        fields.append(field)
        rows.append(fields)
    return rows


# sigil: improve
def pivot(text, row_field, column_field, value_field):
    """Sums of value_field by row and column as a list of rows with a header, totals last."""
    rows = parse_csv(text)
    if not rows:
        return []
    header = rows[0]
    for name in (row_field, column_field, value_field):
        if name not in header:
            return [["missing column", name]]
    data = [dict(zip(header, row)) for row in rows[1:] if len(row) == len(header)]

    row_keys = sorted(set(d[row_field] for d in data))
    column_keys = sorted(set(d[column_field] for d in data))
    table = [[row_field] + column_keys + ["total"]]
    for r in row_keys:
        line = [r]
        for c in column_keys:
            cell = 0
            for d in data:
                if d[row_field] == r and d[column_field] == c:
                    cell += float(d[value_field].replace(" ", "") or 0)
            line.append(round(cell, 2))
        line.append(round(sum(line[1:]), 2))
        table.append(line)
    totals = ["total"]
    for i in range(len(column_keys) + 1):
        totals.append(round(sum([line[i + 1] for line in table[1:]]), 2))
    table.append(totals)
    return table
