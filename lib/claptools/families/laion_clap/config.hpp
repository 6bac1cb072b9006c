#pragma once

#include <array>
#include <string>
#include <string_view>

#include "claptools/families/config/config_fields.hpp"
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

  struct Fields {
    static inline const std::array<std::string, 2> kLayouts = {"transformers", "laion"};
    static inline const std::array<std::string, 2> kFilters = {"slaney", "htk"};

    template <class C, class Field>
    static void top(C& c, Field& field) {
      field("name", c.name);
      field("layout", c.layout, kLayouts);
      field("embed_dim", c.embed_dim);
      field("fusion", c.fusion);
      field("fusion_reduction", c.fusion_reduction);
      field("quantise", c.quantise);
      field("short_audio", c.short_audio);
    }
    template <class C, class Field>
    static void audio(C& c, Field& field) {
      audio_fields(c.audio, field);
      field("mel_filters", c.audio.mel_filters, kFilters);
      field("qkv_bias", c.audio.qkv_bias);
      field("layer_norm_eps", c.audio.layer_norm_eps);
    }
    template <class C, class Field>
    static void text(C& c, Field& field) {
      text_fields(c.text, field);
      field("pad_token_id", c.text.pad_token_id);
    }
  };
};

using claptools::parse_config, claptools::format_config;  // config/config_fields.hpp

/// The published unfused model's. @param layout that the text's limits are those of.
Config default_config(Layout layout);

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
