/**
 * The program that holds the lock of an environment, and runs the installer for as long as it does.
 *
 * The lock is the kernel's (`flock`) and so never stale. The installer inherits it: while any process still writes into
 * the folder, nobody else makes it. And the end of stdin is the end of the host, however that died: then the whole process
 * group is killed, installer and compilers included.
 *
 * It reads one command a line from stdin (JSON: argv, cwd, env) and says on stdout, in JSON lines as well, what that prints
 * and how it went. The command "forget" removes the lock with its empty folder; whoever waited for it makes another. Given
 * to Python with `-c`, so that no file of ours need be found, and none be readable, at run time; and in its UTF-8 mode,
 * because paths come as UTF-8 whatever the locale is.
 */
export const HELD_LOCK_SCRIPT = `
import fcntl, json, os, queue, signal, subprocess, sys, threading

lock_file = sys.argv[1]
commands = queue.Queue()
running = threading.Event()
LONGEST_LINE = 16 * 1024


def say(**message):
    sys.stdout.write(json.dumps(message) + "\\n")
    sys.stdout.flush()


def read_commands():
    for line in sys.stdin:
        commands.put(json.loads(line))
    if running.is_set():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def hold():
    is_told = False
    while True:
        os.makedirs(os.path.dirname(lock_file), mode=0o700, exist_ok=True)
        try:
            lock = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:
            continue  # the folder was removed meanwhile
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not is_told:
                say(state="waiting")
            is_told = True
            fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current(lock):
            return lock
        os.close(lock)


def is_current(lock):
    try:
        return os.path.samestat(os.fstat(lock), os.stat(lock_file))
    except FileNotFoundError:
        return False


def run(lock, command):
    child = subprocess.Popen(
        command["argv"],
        cwd=command["cwd"],
        env=command["env"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=[lock],
    )
    for line in iter(lambda: child.stdout.readline(LONGEST_LINE), b""):
        say(state="line", text=line.decode("utf-8", "replace").rstrip())
    return child.wait()


threading.Thread(target=read_commands, daemon=True).start()
try:
    lock = hold()
    say(state="locked")
    while True:
        command = commands.get()
        if "forget" in command:
            os.unlink(lock_file)
            os.rmdir(os.path.dirname(lock_file))
            say(state="done", code=0)
            continue
        running.set()
        code = run(lock, command)
        running.clear()
        say(state="done", code=code)
except OSError as error:
    say(state="failed", error=str(error))
    sys.exit(1)
`;
