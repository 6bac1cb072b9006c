#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "claptools/core/log.hpp"
#include "claptools/families/family.hpp"
#include "claptools/families/towers.hpp"

namespace claptools::laion_clap {

/// What a fused model joins: the whole recording, its beginning, middle and end.
inline constexpr int kFusionViews = 4;

/// Under which names the weights lie. Source: docs/reference/laion_clap.md, "Two programs".
enum class Layout {
  transformers,  ///< Hugging Face's ClapModel
  laion          ///< laion-clap's own checkpoints
};

/// Everything that is not a weight.
struct Config {
  static constexpr const char* kFamilyName = "laion-clap";

  std::string name = kFamilyName;
  Layout layout = Layout::transformers;
  int embed_dim = 512;
  bool fusion = false;       ///< has the weights that join views of a long recording
  int fusion_reduction = 4;  ///< width over inner channels of the joining attention
  bool quantise = false;     ///< samples are rounded to 16 bits, as laion-clap does
  std::string short_audio = "repeatpad";
  AudioConfig audio;
  TextConfig text;
};

/// The published unfused model's. @param layout that the text's limits are those of.
Config default_config(Layout layout);

/// A configuration of ours: overlays the keys of a JSON text on `base`; an unknown key is a
/// warning.
/// @throws Error{data} for what is not JSON and wrong types.
Config parse_config(std::string_view json, std::string_view subject, const Log& log,
                    const Config& base);

/// Indented JSON with all keys, ending in a line break.
std::string format_config(const Config& config);

/// Hugging Face's config.json, with its class's defaults for what it leaves out, and the
/// preprocessor_config.json beside it.
/// @throws Error{no_input}, {data}, also for a variant that is not computed here.
Config read_hf_config(const ModelSource& source);

inline constexpr const char* kFrontEndFile = "preprocessor_config.json";

/// The two files of a configuration whose layout is that of transformers, which reads them, too.
std::string format_hf_config(const Config& config);
std::string format_hf_front_end(const Config& config);

/// @throws Error{data} naming `subject` and the first value that does not fit the others.
void check_config(const Config& config, std::string_view subject);

}  // namespace claptools::laion_clap
