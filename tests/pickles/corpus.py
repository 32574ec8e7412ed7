"""Writes pickles, harmless and harmful, into DIR, and tells as JSON which imports Python's own loader asks for in each: every
class and function that it looks up is recorded and replaced by one that does nothing, so that none is run.
Usage: corpus.py DIR [COUNT]: with COUNT also that many files whose bytes were changed at random, by a fixed seed."""
import argparse, builtins, collections, copyreg, datetime, decimal, functools, io, json, operator, os, pathlib, pickle, pickletools
import random, resource, subprocess, sys, types, uuid, warnings, zipfile, zlib

warnings.simplefilter("ignore")
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
out, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
os.makedirs(out, exist_ok=True)


class Call:
    """Pickled as a call."""
    def __init__(self, function, *arguments): self.call = (function, arguments)
    def __reduce__(self): return self.call


# What stands for PyTorch: its names, and pickles as `torch.save` writes them.
torch = types.ModuleType("torch"); utils = types.ModuleType("torch._utils")
sys.modules |= {"torch": torch, "torch._utils": utils}
class FloatStorage: pass
FloatStorage.__module__, FloatStorage.__qualname__, torch.FloatStorage = "torch", "FloatStorage", FloatStorage
def _rebuild_tensor_v2(*a): pass
_rebuild_tensor_v2.__module__, utils._rebuild_tensor_v2 = "torch._utils", _rebuild_tensor_v2
torch._utils = utils


class Storage: pass


def state(protocol):
    """The pickle of a state dict, its storages as persistent ids."""
    class Pickler(pickle.Pickler):
        def persistent_id(self, thing):
            return ("storage", FloatStorage, "0", "cpu", 4) if isinstance(thing, Storage) else None
    tensor = Call(_rebuild_tensor_v2, Storage(), 0, (2, 2), (2, 1), False, collections.OrderedDict())
    stream = io.BytesIO()
    Pickler(stream, protocol).dump(collections.OrderedDict(weight=tensor, bias=tensor))
    return stream.getvalue()


def archive(members, how=zipfile.ZIP_STORED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as file:
        for name, data in members: file.writestr(name, data)
    return stream.getvalue()


MAGIC = 0x1950a86a20f9469cfc6c
def legacy(protocol, data):
    info = dict(protocol_version=1001, little_endian=True, type_sizes=dict(short=2, int=4, long=4))
    head = b"".join(pickle.dumps(x, protocol) for x in (MAGIC, 1001, info))
    return head + data + pickle.dumps(["0"], protocol) + (4).to_bytes(8, "little") + bytes(range(16))


class Plain:
    def __init__(self): self.a, self.b = 1, [self.__class__]
class Slots:
    __slots__ = ("a",)
    def __init__(self): self.a = "x"
class New:
    def __new__(cls, *, a=1): return object.__new__(cls)
    def __getnewargs_ex__(self): return (), {"a": 2}

benign = {
    "containers": [collections.OrderedDict(a=1), collections.Counter("aab"), collections.deque([1]), {1, 2}, frozenset("a"), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
    "numbers": [0, 255, 65535, -1, 2**31, -2**63, 10**600, 1.5, True, None, 2 + 3j, decimal.Decimal("1.5")],
    "texts": ["", "é", "\ud800", "a\nb\\u0041", "x" * 300, "y" * 70_000, b"", b"\0\xff" * 200, bytearray(b"q")],
    "vocabulary": {f"word{i}": i for i in range(20_000)},
    "objects": [Plain(), Slots(), New(), Plain, len],
    "times": [datetime.datetime(2026, 1, 1), datetime.timedelta(1), uuid.UUID(int=1), pathlib.PurePosixPath("a"), argparse.Namespace(lr=0.1), types.SimpleNamespace(a=1)],
    "functions": [functools.partial(int, base=2), operator.itemgetter(1), os.path.join],
}
calls = {
    "system": (os.system, "true"), "popen": (subprocess.Popen, ["true"]), "eval": (eval, "1"), "exec": (exec, "1"),
    "getattr": (getattr, os, "system") if False else (getattr, "", "join"), "import": (__import__, "os"), "loads": (pickle.loads, b"N."),
    "run": (subprocess.run, ["true"]), "open": (open, "/dev/null"), "remove": (os.remove, "/nowhere"),
}
files = {}
for protocol in range(6):
    for name, thing in benign.items():
        try: files[f"{name}{protocol}.pkl"] = pickle.dumps(thing, protocol)
        # Some cannot be pickled by the oldest protocols.
        except (TypeError, pickle.PicklingError): pass
    for name, (function, *arguments) in calls.items():
        files[f"{name}{protocol}.pkl"] = pickle.dumps([1, Call(function, *arguments), 2], protocol)
    files[f"optimized{protocol}.pkl"] = pickletools.optimize(pickle.dumps([Call(os.system, "true"), benign["containers"]], protocol))
    files[f"several{protocol}.pkl"] = b"".join(pickle.dumps(x, protocol) for x in (1, Call(os.system, "true"), {"a": 1}))
    files[f"torch{protocol}.pt"] = archive([("m/data.pkl", state(protocol)), ("m/byteorder", "little"), ("m/data/0", bytes(16)), ("m/version", "3\n")])
    files[f"deflated{protocol}.pth"] = archive([("m/data.pkl", pickle.dumps(Call(os.system, "true"), protocol)), ("m/data/0", bytes(999))], zipfile.ZIP_DEFLATED)
    files[f"legacy{protocol}.bin"] = legacy(protocol, state(protocol))
    files[f"packed{protocol}.joblib"] = zlib.compress(pickle.dumps(Call(os.system, "true"), protocol))

# Written by hand: what no pickler writes.
short = lambda text: b"\x8c" + bytes([len(text)]) + text.encode()
files |= {
    "inst.pkl": b"(S'true'\nios\nsystem\n.",
    "memo.pkl": b"\x80\x04" + short("system") + b"\x940" + short("os") + b"q\x090h\x09h\x00\x93" + short("true") + b"\x85R.",
    "dotted.pkl": b"\x80\x04" + short("torch") + short("os.system") + b"\x93" + short("true") + b"\x85R.",
    "escaped.pkl": b"S'\\x6f\\x73'\nV\\u0073ystem\n\x93.",
    "late.pkl": b"\x80\x02" + b"N0" * 5000 + b"cos\nsystem\n(S'true'\ntR.",
    "broken.pkl": b"cos\nsystem\n(S'true'\ntR\xff\xff",
    "marks.pkl": b"\x80\x04" + short("os") + b"(K\x01(K\x021" + b"1" + short("system") + b"\x93.",
    "build.pkl": b"\x80\x02c__main__\nPlain\n)\x81}X\x01\x00\x00\x00acos\nsystem\nsb.",
}


class Nothing:
    """Stands for whatever is looked up."""
    def __new__(cls, *a, **k): return object.__new__(cls)
    def __init__(self, *a, **k): pass
    def __call__(self, *a, **k): return Nothing()
    def __setstate__(self, state): pass
    def __setitem__(self, key, value): pass
    def append(self, thing): pass
    def extend(self, things): pass
    def add(self, thing): pass
    def update(self, *a, **k): pass


def recording(base, seen):
    class Loader(base):
        def find_class(self, module, name):
            seen.add(f"{module}.{name}")
            return Nothing
        def persistent_load(self, pid): return Nothing()
        def get_extension(self, code):
            seen.add(f"extension.no {code}")
            self.append(Nothing)
    return Loader


def load(data, base, limit=100):
    """The imports that a loader asks for, of one pickle after another."""
    seen, stream = set(), io.BytesIO(data)
    loader = recording(base, seen)
    for _ in range(limit):
        if stream.tell() == len(data): break
        try: loader(stream).load()
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt): raise
            break
    return seen


def told(path, data, bases):
    parts = [data]
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            parts = [file.read(n) for n in file.namelist() if n.endswith(".pkl")]
    if path.endswith(".joblib"): parts = [zlib.decompress(data)]
    limit = 5 if path.startswith("legacy") else 100
    return sorted(set().union(*(load(part, base, limit) for part in parts for base in bases)))


answer = {name: told(name, data, (pickle.Unpickler, pickle._Unpickler)) for name, data in files.items()}
chance = random.Random(7)
seeds = [data for name, data in files.items() if name.endswith(".pkl") and len(data) < 4000]
for n in range(count):
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(data) or 1)
        way = chance.randrange(4)
        if way == 0 and data: data[at] = chance.randrange(256)
        elif way == 1: data[at:at] = bytes([chance.choice(b"(012.NR\x81\x93\x94cighqbtu\x85\x82S")])
        elif way == 2: del data[at:at + chance.randrange(8)]
        else: data[at:at] = data[at:at + chance.randrange(30)]
    files[f"x{n}.pkl"] = bytes(data)
    # Python's own loader keeps its memo in a dictionary; the other one makes a list as long as the highest number.
    answer[f"x{n}.pkl"] = told("", bytes(data), (pickle._Unpickler,)) if data[:4] != b"PK\x03\x04" else []
for name, data in files.items():
    with open(os.path.join(out, name), "wb") as file: file.write(data)
json.dump(answer, sys.stdout)
