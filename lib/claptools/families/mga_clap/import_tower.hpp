#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "claptools/checkpoints/parameter.hpp"
#include "claptools/families/mga_clap/config.hpp"

namespace claptools {

/// The weights of an HTSAT that was trained on AudioSet, under the names of our audio tower: a
/// checkpoint (torch.save, also Lightning's) whose keys begin with `sed_model.`; others are left
/// out.
/// @throws Error{no_input}, {data}, also if there are no such keys.
WeightSet read_htsat_weights(const std::filesystem::path& path);

/// The weights of a BERT in safetensors, under the names of our text tower: keys with or without
/// `bert.` before them, also of the old kind (`LayerNorm.gamma`, `LayerNorm.beta`).
/// @throws Error{no_input}, {data}, also if two keys mean the same weight.
WeightSet read_bert_weights(const std::filesystem::path& path);

/// A BERT's architecture from the config.json of Hugging Face. Of `base` stays max_tokens, cut to
/// the positions that the model has.
/// @throws Error{no_input}, {data} for what is not JSON, a key that is missing, another
/// architecture than BERT's, or sizes that do not fit each other.
TextConfig read_bert_config(const std::filesystem::path& path, const TextConfig& base = {});

struct ImportCount {
  std::size_t taken = 0;
  std::size_t ignored = 0;  ///< weights of the source that the configuration has no place for
};

/// Replaces one tower's weights: all of them, or none if it throws. What no output depends on (the
/// tagging head, buffers) is taken where it has our shape. Half precision stays as it is.
/// @param weights those of a whole model of this configuration.
/// @param source  as read_htsat_weights() or read_bert_weights() give it.
/// @param subject the source's name, for messages.
/// @throws Error{data} naming the first weight that is missing or of another shape or type, and how
/// many more there are.
ImportCount import_tower(WeightSet& weights, const WeightSet& source, const ModelConfig& config,
                         Tower tower, std::string_view subject);

}  // namespace claptools
