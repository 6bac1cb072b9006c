"""Makes import/: what clap-train starts from, in the forms that other programs write (torch 2.13, transformers 4.57).

    python make_import.py   writes beside itself

htsat.ckpt: the keys of an HTSAT under Lightning, its architecture embed_dim 4, depths 1/2, heads 1/2, window 8, 16 mels,
spectrogram of 64 x 64, 3 classes. bert/: a BertForMaskedLM as save_pretrained leaves it. bert_old.safetensors: the same
weights in bfloat16 under the names of the first TensorFlow conversions, without prefix, with a pooler and position_ids.
sums.tsv: name in our model and sum of the values (double).
"""
import os
from collections import OrderedDict

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForMaskedLM, BertModel

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "import")
os.makedirs(here, exist_ok=True)
torch.manual_seed(5)
sums = []


def affine(name, *shape):
    return [(name + ".weight", shape), (name + ".bias", shape[:1])]


def block(name, dim, heads, hidden):
    a = name + ".attn."
    return (affine(name + ".norm1", dim) + [(a + "relative_position_bias_table", (225, heads))] +
            affine(a + "qkv", 3 * dim, dim) + affine(a + "proj", dim, dim) + affine(name + ".norm2", dim) +
            affine(name + ".mlp.fc1", hidden, dim) + affine(name + ".mlp.fc2", dim, hidden))


entries = (affine("bn0", 16) + [("bn0.running_mean", (16,)), ("bn0.running_var", (16,))] +
           affine("patch_embed.proj", 4, 1, 4, 4) + affine("patch_embed.norm", 4) + block("layers.0.blocks.0", 4, 1, 16) +
           [("layers.0.downsample.reduction.weight", (8, 16))] + affine("layers.0.downsample.norm", 16) +
           block("layers.1.blocks.0", 8, 2, 32) + block("layers.1.blocks.1", 8, 2, 32) + affine("norm", 8) +
           affine("tscam_conv", 3, 8, 2, 3) + affine("head", 3, 3))
state = OrderedDict(("sed_model." + name, torch.randn(shape)) for name, shape in entries)
state["sed_model.spectrogram_extractor.stft.conv_real.weight"] = torch.randn(5, 1, 8)
state["sed_model.logmel_extractor.melW"] = torch.randn(5, 16)
state["sed_model.bn0.num_batches_tracked"] = torch.tensor(40)
state["loss_weight"] = torch.ones(2)  # of the trainer around the model
torch.save({"epoch": 3, "global_step": 7, "pytorch-lightning_version": "1.5.9", "state_dict": state,
            "callbacks": {"ModelCheckpoint": {"monitor": "mAP", "best_model_score": torch.tensor(0.4), "dirpath": "x"}},
            "optimizer_states": [{"state": {0: {"step": 7, "exp_avg": torch.zeros(2)}},
                                  "param_groups": [{"lr": 1e-3, "betas": (0.9, 0.999), "params": [0]}]}],
            "lr_schedulers": [{"base_lrs": [1e-3], "last_epoch": 3, "lr_lambdas": [None]}]},
           os.path.join(here, "htsat.ckpt"))
for name, shape in entries:
    sums.append(("audio_encoder.audio_enc." + name, state["sed_model." + name].double().sum().item()))

config = BertConfig(vocab_size=11, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12,
                    max_position_embeddings=16)
masked = BertForMaskedLM(config)
with torch.no_grad():
    for parameter in masked.parameters():
        parameter.copy_(torch.randn(parameter.shape).bfloat16().float())  # the same numbers in both files
masked.save_pretrained(os.path.join(here, "bert"), safe_serialization=True)
inner = {k[len("bert."):]: v for k, v in masked.state_dict().items() if k.startswith("bert.")}
for name, value in inner.items():
    sums.append(("text_encoder.text_encoder." + name, value.double().sum().item()))
old = {k.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): v.bfloat16()
       for k, v in inner.items()}
old["pooler.dense.weight"] = BertModel(config).state_dict()["pooler.dense.weight"]
old["embeddings.position_ids"] = torch.arange(16)[None]
save_file(old, os.path.join(here, "bert_old.safetensors"))

with open(os.path.join(here, "sums.tsv"), "w") as f:
    f.write("name\tsum\n" + "".join(f"{name}\t{value!r}\n" for name, value in sums))
