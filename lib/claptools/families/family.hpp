#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "claptools/core/log.hpp"
#include "claptools/families/architecture.hpp"

namespace claptools {

/// The files of a model, before a family interprets them.
struct ModelSource {
  std::filesystem::path path;       ///< as the user named it, for messages
  std::filesystem::path config;     ///< config.json of a model directory; empty: a checkpoint
  std::string config_text;          ///< read once: it may be a pipe
  std::string model_type;           ///< that config.json names; empty: none
  std::filesystem::path overrides;  ///< a further config.json; may be empty
  const WeightSet& weights;
};

/// A kind of model. Adding one takes families/NAME/, model/networks/NAME_network.cpp and a row in
/// families.def.
struct Family {
  std::string_view name;  ///< its model_type

  /// By model_type; for a checkpoint, by the names of its weights.
  bool (*recognises)(const ModelSource& source);

  /// @throws Error{data} for a configuration that no model can have, or weights that do not
  /// determine one.
  std::shared_ptr<const Architecture> (*open)(const ModelSource& source, const Log& log);
};

/// All families of this build.
std::span<const Family* const> families();

/// @throws Error{data} naming the source if no family recognises it.
const Family& find_family(const ModelSource& source);

}  // namespace claptools
