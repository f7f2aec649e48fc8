"""Reading what is the grader's: tests, solutions, other submissions, the store, and the course's own root."""

from __future__ import annotations

from tests.hostile.item import item, refused

__all__ = ["ITEMS"]

EACH_SECRET = """
def attack(world):
    breaches = []
    for path in world["secrets"] + world["private"]:
        folder = os.path.dirname(path)
        {body}
    return breaches
"""


def on_secrets(name: str, **attempts: str) -> object:
    inner = ", ".join(f"{key}=lambda: {text}" for key, text in attempts.items())
    return item(name, EACH_SECRET.format(body=f"breaches += tries({inner})"))


ITEMS = (
    on_secrets("read_by_open", a="open(path).read()", b="os.open(path, os.O_RDONLY)", c="__import__('io').FileIO(path)",
               d="__import__('pathlib').Path(path).read_bytes()", e="__import__('numpy').fromfile(path, 'u1').size"),
    on_secrets("read_by_import", a="__import__('runpy').run_path(path)", b="__import__('linecache').getlines(path)",
               c="__import__('importlib.machinery').machinery.SourceFileLoader('m', path).get_data(path)",
               d="__import__('ctypes').CDLL(path)"),
    on_secrets("seen_by_stat", a="os.stat(path).st_size", b="os.lstat(path).st_size", c="os.path.exists(path)",
               d="os.access(path, os.F_OK)", e="os.statvfs(path)", f="os.readlink(path)",
               g="os.getxattr(path, 'user.x')",
               h="os.listxattr(path) or True", i="os.path.getmtime(path)"),
    on_secrets("seen_by_listing", a="os.listdir(folder)", b="list(os.scandir(folder))", c="list(os.walk(folder))",
               d="__import__('glob').glob(folder + '/*')", e="os.chdir(folder) or os.listdir('.')",
               f="os.open(folder, os.O_PATH)", g="list(__import__('pathlib').Path(folder).iterdir())"),
    on_secrets("seen_by_libc", a="libc.open(path.encode(), 0)", b="libc.openat(-100, path.encode(), 0)",
               c="libc.access(path.encode(), 0) == 0", d="(libc.fopen(path.encode(), b'r') or -1)",
               e="libc.chdir(folder.encode()) == 0",
               f="libc.stat(path.encode(), ctypes.create_string_buffer(1000)) == 0"),
    on_secrets("seen_by_raw_calls", open="raw(2, path.encode(), 0)", openat="raw(257, -100, path.encode(), 0)",
               openat2="raw(437, -100, path.encode(), ctypes.create_string_buffer(24), 24)",
               creat="raw(85, path.encode(), 0)",
               stat="raw(4, path.encode(), ctypes.create_string_buffer(1000)) == 0",
               lstat="raw(6, path.encode(), ctypes.create_string_buffer(1000)) == 0",
               statx="raw(332, -100, path.encode(), 0, 0xfff, ctypes.create_string_buffer(1000)) == 0",
               newfstatat="raw(262, -100, path.encode(), ctypes.create_string_buffer(1000), 0) == 0",
               access="raw(21, path.encode(), 0) == 0", faccessat2="raw(439, -100, path.encode(), 0, 0) == 0",
               readlink="raw(89, path.encode(), ctypes.create_string_buffer(1000), 1000)",
               handle="raw(303, -100, path.encode(), ctypes.c_buffer(999), ctypes.c_buffer(8), 0)",
               inotify="raw(254, 0, path.encode(), 0xfff)", fanotify="raw(300, 0, 0)", uselib="raw(134, path.encode())",
               swapon="raw(167, path.encode(), 0)", acct="raw(163, path.encode())",
               truncate="raw(76, path.encode(), 0) == 0",
               unlink="raw(87, path.encode()) == 0", rename="raw(82, path.encode(), b'/scratch/x') == 0"),
    item("seen_around_corners", """
        breaches = []
        for path in world["secrets"]:
            for around in ("/proc/self/root", "/proc/1/root", "/proc/self/cwd", "/old", "/new", "/..", "/../..",
                "/scratch/..",
                           "/datasets/..", "/scratch/datasets/../..", f"/proc/{world['grader']}/root", "/tmp", "/mnt",
                           "."):
                breaches += tries(a=lambda: open(around + path).read(), b=lambda: os.stat(around + path))
            for fd in range(64):
                breaches += tries(a=lambda: os.open(path.lstrip("/"), 0, dir_fd=fd), b=lambda: os.fchdir(fd) or "went")
        return breaches
        """),
    item("links", """
        breaches = []
        for path in world["secrets"]:
            breaches += tries(
                a=lambda: os.symlink(path, "/scratch/a") or open("/scratch/a").read(),
                b=lambda: os.link(path, "/scratch/b") or "b",
                c=lambda: os.rename(path, "/scratch/c") or "c",
                d=lambda: os.symlink("/", "/scratch/d") or os.listdir("/scratch/d" + path),
                e=lambda: os.replace("/scratch", path) or "e", f=lambda: os.link("/dev/null", "/scratch/f") or "f",
                g=lambda: raw(265, -100, path.encode(), -100, b"/scratch/g", 0x400) == 0,
                h=lambda: raw(316, -100, path.encode(), -100, b"/scratch/h", 2) == 0,
            )
        return breaches
        """),
    item("course_root", """
        breaches = []
        for root in (world["course"], world["repo"]):
            for name in ("solutions", "tests", "assignments", "course.toml", "store.sqlite", "submissions",
                "autograder", ".git"):
                breaches += tries(a=lambda: os.stat(os.path.join(root, name)),
                    b=lambda: os.listdir(os.path.join(root, name)))
        for entry in sys.path:
            breaches += tries(a=lambda: os.listdir(os.path.join(entry, "solutions")))
        for name in ("solutions", "solutions.tiny", "tests", "assignments", "autograder.judge",
            "autograder.worker.host"):
            breaches += tries(a=lambda: __import__(name))
        return breaches
        """),
    item("whole_view", """
        found = []
        for folder, folders, files in os.walk("/"):
            for name in files:
                if "test_hidden" in name or name.endswith((".sqlite", "secret.py")) or name == "course.toml":
                    found.append(os.path.join(folder, name))
            if "site-packages" in folder or "/lib/" in folder:
                folders[:] = []
        return found
        """),
    item("proc", """
        paths = ["self/environ", "self/maps", "self/mem", "self/fd", "1/environ", "1/cmdline", "1/fd",
            "sys/kernel/core_pattern",
                 "mounts", "self/mountinfo", "net/tcp", "keys", "self/ns/user"]
        paths += [f"{pid}/{name}" for pid in (world["grader"], world["victim"], os.getppid()) for name in ("environ",
            "cmdline", "mem")]
        breaches = []
        for path in paths:
            breaches += tries(a=lambda: open("/proc/" + path, "rb").read(100), b=lambda: os.listdir("/proc/" + path),
                              c=lambda: os.stat("/proc/" + path), d=lambda: os.readlink("/proc/" + path))
        return breaches + tries(a=lambda: set(os.listdir("/proc")) - {"cpuinfo"} or [], b=lambda: os.listdir("/sys"),
            c=lambda: os.listdir("/dev/shm"))
        """),
    item("everything_in_memory", """
        import gc, types
        mark = world["mark"]
        found, seen, todo = [], set(), [*gc.get_objects(), *sys.modules.values()]
        frame = sys._getframe()
        while frame is not None:
            todo += [frame.f_locals, frame.f_globals, frame.f_builtins]
            frame = frame.f_back
        while todo and len(seen) < 300_000:
            thing = todo.pop()
            if id(thing) in seen:
                continue
            seen.add(id(thing))
            if type(thing) in (str, bytes, bytearray):
                text = thing if type(thing) is str else bytes(thing).decode("latin-1")
                at = text.find(mark)
                if at >= 0 and text[at + len(mark) :][:1].isalnum():
                    found.append(text[at : at + 100])
            elif not isinstance(thing, type(sys.implementation)):
                todo += gc.get_referents(thing)
        return found
        """),
    item("raw_memory", """
        end = libc.sbrk(ctypes.c_long(0))
        libc.sbrk.restype = ctypes.c_void_p
        end = libc.sbrk(ctypes.c_long(0))
        mark = world["mark"].encode() + b"-"
        environ = ctypes.cast(ctypes.c_void_p.in_dll(libc, "environ").value, ctypes.POINTER(ctypes.c_void_p))
        start = environ[0]
        found = [b"stack" for _ in range(1) if mark in ctypes.string_at(start, 500)]
        heap = ctypes.string_at(end - (1 << 20), 1 << 20)
        return found + [heap[i : i + 60] for i in range(len(heap)) if heap.startswith(mark,
            i) and heap[i + len(mark) : i + len(mark) + 1].isalnum()]
        """, "held|crashed"),
    refused("own_environment_of_the_grader", "os.environ['AUTOGRADER_SECRET']",
        "os.getenvb(b'AUTOGRADER_SECRET') or -1",
            "libc.getenv(b'AUTOGRADER_SECRET') or -1"),
)  # fmt: skip
