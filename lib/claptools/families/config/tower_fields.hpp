#pragma once

namespace claptools {

// The one list of the keys of "audio" and "text" in a configuration of ours: `field` is called as
// field(key, member) for each of them.

template <class Config, class Field>
void audio_fields(Config& a, Field&& field) {
  field("sample_rate", a.sample_rate);
  field("n_fft", a.n_fft);
  field("hop_length", a.hop_length);
  field("n_mels", a.n_mels);
  field("f_min", a.f_min);
  field("f_max", a.f_max);
  field("window_s", a.window_s);
  field("spec_size", a.spec_size);
  field("patch_size", a.patch_size);
  field("embed_dim", a.stem_channels);
  field("depths", a.depths);
  field("num_heads", a.num_heads);
  field("window_size", a.window_size);
  field("mlp_ratio", a.mlp_ratio);
  field("num_classes", a.num_classes);
  field("local_block", a.local_block);
}

/// Of a BERT or RoBERTa.
template <class Config, class Field>
void text_fields(Config& t, Field&& field) {
  field("hidden_size", t.hidden_size);
  field("num_hidden_layers", t.num_hidden_layers);
  field("num_attention_heads", t.num_attention_heads);
  field("intermediate_size", t.intermediate_size);
  field("max_position_embeddings", t.max_position_embeddings);
  field("vocab_size", t.vocab_size);
  field("layer_norm_eps", t.layer_norm_eps);
  field("max_tokens", t.max_tokens);
}

/// Of a GPT-2, under its own names.
template <class Config, class Field>
void gpt2_fields(Config& t, Field&& field) {
  field("n_embd", t.hidden_size);
  field("n_layer", t.layers);
  field("n_head", t.heads);
  field("n_inner", t.inner_size);
  field("n_positions", t.positions);
  field("vocab_size", t.vocab_size);
  field("max_tokens", t.max_tokens);
}

}  // namespace claptools
