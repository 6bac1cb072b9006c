"""Makes small.safetensors, small.pt and hostile/*.pt with the reference libraries (torch 2.13, safetensors 0.6, numpy 2).

    python make.py          writes beside itself

params_full.tsv and params_tiny.tsv are the goldens' tables of the official state dicts, copied.
"""
import io, os, pickle, sys, zipfile
import numpy as np, torch
from collections import OrderedDict
from safetensors.torch import save_file

here = os.path.dirname(os.path.abspath(__file__))
base = torch.arange(24, dtype=torch.float32) / 7
tensors = OrderedDict([
    ("b.weight", base.reshape(2, 3, 4).clone()),
    ("a.bias", torch.tensor([1.5, -2.0], dtype=torch.float16)),
    ("count", torch.tensor(7, dtype=torch.int64)),
    ("empty", torch.zeros(0, 3)),
    ("mask", torch.tensor([True, False])),
])
save_file(dict(tensors), os.path.join(here, "small.safetensors"), metadata={"format": "pt"})

state = OrderedDict(("module." + k, v) for k, v in tensors.items())
shared = torch.arange(10, dtype=torch.float64)
state["module.view"] = shared[3:7]                      # a view into a larger storage
state["module.transposed"] = base.reshape(4, 6).t()     # not contiguous
state._metadata = OrderedDict([("", {"version": 1})])   # as nn.Module.state_dict leaves it
torch.save({"model": state, "optimizer": {"param_groups": [{"lr": np.float64(5e-5), "betas": (0.9, 0.999)}]},
            "config": {"seed": 20, "big": 2 ** 40, "neg": -3, "list": [1, "two", None, True]}, "epoch": 3},
           os.path.join(here, "small.pt"))


class Call:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


def zipped(pickled, name="data.pkl", compression=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as z:
        z.writestr("evil/" + name, pickled)
    return out.getvalue()


def raw(code):
    return b"\x80\x02" + code + b"."


touch = "touch HOSTILE_CODE_RAN"
forms = {
    "os_system": pickle.dumps({"model": Call(os.system, touch)}, 2),
    "os_system_4": pickle.dumps({"model": Call(os.system, touch)}, 4),
    "eval": pickle.dumps(Call(eval, "open('HOSTILE_CODE_RAN', 'w')"), 2),
    "exec": pickle.dumps(Call(exec, "open('HOSTILE_CODE_RAN', 'w')"), 2),
    "in_key": pickle.dumps({Call(os.system, touch): 1}, 2),
    "in_optimizer": pickle.dumps({"model": {}, "optimizer": [Call(os.system, touch)]}, 2),
    "getattr": raw(b"c__builtin__\ngetattr\nc__builtin__\ndict\nX\x03\x00\x00\x00pop\x86R"),
    "subprocess": raw(b"csubprocess\nPopen\n(X\x02\x00\x00\x00lstR"),
    "import_module": raw(b"cimportlib\nimport_module\nX\x02\x00\x00\x00os\x85R"),
    "inst": raw(b"(S'" + touch.encode() + b"'\nios\nsystem\n"),
    "obj": raw(b"(cos\nsystem\nX\x02\x00\x00\x00lso"),
    "newobj": raw(b"ccollections\nOrderedDict\n)\x81"),
    "ext": raw(b"\x82\x01"),
    "state": raw(b"ccollections\nOrderedDict\n}b"),
    "opaque_then_call": raw(b"cnumpy\ndtype\n)RX\x02\x00\x00\x00ls\x85R"),
    "ordered_dict_args": raw(b"ccollections\nOrderedDict\n]\x85R"),
    "storage_call": raw(b"ctorch\nFloatStorage\n)R"),
    "rebuild_args": raw(b"ctorch._utils\n_rebuild_tensor_v2\n(K\x01K\x02K\x03K\x04tR"),
    "load_nested": raw(b"ctorch\nload\nX\x01\x00\x00\x00x\x85R"),
    "operator": raw(b"coperator\nattrgetter\nX\x06\x00\x00\x00system\x85R"),
    "dotted": raw(b"ctorch._utils\n_rebuild_tensor_v2.__globals__\n"),
    "long_string": raw(b"X\xff\xff\xff\xffabc"),
    "no_stop": b"\x80\x02}",
    "stack_underflow": raw(b"R"),
    "memo_missing": raw(b"h\x05"),
    "exec_4": pickle.dumps(Call(exec, "open('HOSTILE_CODE_RAN', 'w')"), 4),
    "memo_names": b"\x80\x04\x8c\x06system\x94\x8c\x05posix\x940h\x01h\x00\x93\x8c\x16" + touch.encode() + b"\x85R.",
    "newobj_ex": b"\x80\x04\x8c\x0asubprocess\x8c\x05Popen\x93\x8c\x02ls\x85}\x92.",
    "binput_huge": raw(b"}r\xff\xff\xff\xff"),
    "frame_huge": b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7f}.",
    "bytes_huge": b"\x80\x05\x96\xff\xff\xff\xff\xff\xff\xff\x3fabc.",
    "long_huge": raw(b"\x8b\xff\xff\xff\x7fabc"),
    "zip_in_zip": zipped(pickle.dumps({"model": Call(os.system, touch)}, 2)),
    "deep": raw(b"]" * 20000 + b"a" * 19999),
}
os.makedirs(os.path.join(here, "hostile"), exist_ok=True)
for name, code in forms.items():
    open(os.path.join(here, "hostile", name + ".pt"), "wb").write(zipped(code))
open(os.path.join(here, "hostile", "compressed.pt"), "wb").write(
    zipped(pickle.dumps({}), compression=zipfile.ZIP_DEFLATED))
open(os.path.join(here, "hostile", "no_pickle.pt"), "wb").write(zipped(b"", "other.pkl"))
open(os.path.join(here, "hostile", "not_a_zip.pt"), "wb").write(pickle.dumps(Call(os.system, touch)))
