# Runs a command on a terminal of its own and answers what it asks: argv is a JSON list of [what it shows, what is typed], then the command.
# Prints all that was on the terminal; exits as the command does.
import json
import os
import pty
import select
import sys
import time

steps = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
shown = ""
end = time.time() + 60


def more():
    """Reads what comes; False when the command has ended."""
    global shown
    if time.time() > end:
        sys.exit("waited too long; it showed:\n" + shown)
    if not select.select([terminal], [], [], 0.1)[0]:
        return True
    try:
        data = os.read(terminal, 65536)
    except OSError:
        return False
    shown += data.decode("utf8", "replace")
    return bool(data)


for wanted, typed in steps:
    start = len(shown)
    while wanted not in shown[start:]:
        if not more():
            sys.exit("it ended before it showed %r:\n%s" % (wanted, shown))
    os.write(terminal, typed.encode())
while more():
    pass
print(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
