#include "claptools/families/mga_clap/import_tower.hpp"

#include <optional>
#include <string>
#include <utility>

#include "claptools/checkpoints/checkpoint.hpp"
#include "claptools/checkpoints/safetensors.hpp"
#include "claptools/core/error.hpp"
#include "claptools/families/mga_clap/parameters.hpp"

namespace claptools {
namespace {

std::string joined(std::string_view prefix, std::string_view name) {
  return std::string(prefix) + std::string(name);
}

/// The weights under new names; those for which `rename` gives nothing are left out.
template <class Rename>
WeightSet renamed(const WeightSet& source, std::string_view subject, Rename rename) {
  WeightSet out;
  out.storage = source.storage;
  for (const auto& [name, view] : source.tensors) {
    const std::optional<std::string> ours = rename(name);
    if (ours && !out.tensors.emplace(*ours, view).second) {
      throw Error(Fault::data, subject, "weight '" + name + "' occurs under two names");
    }
  }
  return out;
}

std::optional<std::string> htsat_name(std::string_view name) {
  constexpr std::string_view kPrefix = "sed_model.";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  return joined(mga_clap::kAudioTower, name.substr(kPrefix.size()));
}

std::optional<std::string> bert_name(std::string_view name) {
  constexpr std::string_view kPrefix = "bert.", kGamma = "LayerNorm.gamma",
                             kBeta = "LayerNorm.beta";
  if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  const auto norm = [&](std::string_view old, std::string_view now) {
    return joined(mga_clap::kTextTower, name.substr(0, name.size() - old.size())) +
           std::string(now);
  };
  if (name.ends_with(kGamma)) return norm(kGamma, "LayerNorm.weight");
  if (name.ends_with(kBeta)) return norm(kBeta, "LayerNorm.bias");
  return joined(mga_clap::kTextTower, name);
}

}  // namespace

WeightSet read_htsat_weights(const std::filesystem::path& path) {
  WeightSet weights = renamed(read_checkpoint(path), path.native(), htsat_name);
  if (weights.tensors.empty()) {
    throw Error(Fault::data, path.native(), "no weight whose name begins with 'sed_model.'");
  }
  return weights;
}

WeightSet read_bert_weights(const std::filesystem::path& path) {
  return renamed(read_safetensors(path), path.native(), bert_name);
}

ImportCount import_tower(WeightSet& weights, const WeightSet& source, const ModelConfig& config,
                         Tower tower, std::string_view subject) {
  std::map<std::string, TensorView> taken;
  std::string first_misfit;
  std::size_t misfits = 0;
  for (const Parameter& parameter : model_parameters(config)) {
    if (parameter.tower != tower) continue;
    const auto it = source.tensors.find(parameter.name);
    const std::string reason =
        find_misfit(parameter, it == source.tensors.end() ? nullptr : &it->second);
    if (reason.empty()) {
      taken.emplace(parameter.name, it->second);
    } else if (parameter.required && ++misfits == 1) {
      first_misfit = reason;
    }
  }
  if (misfits > 1) first_misfit += " (and " + std::to_string(misfits - 1) + " more do not fit)";
  if (misfits > 0) throw Error(Fault::data, subject, first_misfit);
  for (const auto& [name, view] : taken) weights.tensors[name] = view;
  weights.storage.insert(weights.storage.end(), source.storage.begin(), source.storage.end());
  return {taken.size(), source.tensors.size() - taken.size()};
}

}  // namespace claptools
