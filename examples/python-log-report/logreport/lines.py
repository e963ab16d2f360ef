"""One line of the log: `1712000000.250 api-2 GET /orders/17 500 131 u4711`."""


def parse_line(line):
    """The fields of a line as a dict, or None where it is no request."""
    fields = line.split()
    if len(fields) != 7:
        return None
    try:
        return {
            "time": float(fields[0]),
            "host": fields[1],
            "method": fields[2],
            "path": fields[3],
            "status": int(fields[4]),
            "ms": int(fields[5]),
            "user": fields[6],
        }
    except ValueError:
        return None


def pattern(path):
    """The path with its numbers replaced: `/orders/17` → `/orders/:id`."""
    return "/".join(":id" if part.isdigit() else part for part in path.split("?")[0].split("/"))
