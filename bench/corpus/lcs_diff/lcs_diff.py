"""Line diff of two texts by their longest common subsequence."""


# sigil: improve
def diff(old, new):
    """List of "  line", "- line" and "+ line"; removals before additions."""
    rows = len(old)
    columns = len(new)
    lengths = [[0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            if old[i] == new[j]:
                lengths[i][j] = lengths[i + 1][j + 1] + 1
            elif lengths[i + 1][j] >= lengths[i][j + 1]:
                lengths[i][j] = lengths[i + 1][j]
            else:
                lengths[i][j] = lengths[i][j + 1]

    out = []
    i = j = 0
    while i < rows and j < columns:
        if old[i] == new[j]:
            out.append("  " + old[i])
            i += 1
            j += 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            out.append("- " + old[i])
            i += 1
        else:
            out.append("+ " + new[j])
            j += 1
    out.extend("- " + line for line in old[i:])
    out.extend("+ " + line for line in new[j:])
    return out
