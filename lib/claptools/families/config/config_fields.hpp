#pragma once

#include <string>
#include <string_view>

#include "claptools/families/config/config_object.hpp"
#include "claptools/families/config/tower_fields.hpp"

namespace claptools {

// A config.json of ours: the model's own keys and the objects "audio" and "text". A family's
// Config::Fields lists them, once for reader and writer: its functions top(), audio() and text()
// call field(key, member) for each key.

/// The list of a family that adds nothing to its two towers; others replace parts of it.
struct TowerFields {
  template <class Config, class Field>
  static void top(Config& c, Field& field) {
    field("name", c.name);
    field("embed_dim", c.embed_dim);
  }
  template <class Config, class Field>
  static void audio(Config& c, Field& field) {
    audio_fields(c.audio, field);
  }
  template <class Config, class Field>
  static void text(Config& c, Field& field) {
    text_fields(c.text, field);
  }
};

/// Overlays the keys of a JSON text on `base`; an unknown key is a warning.
/// @throws Error{data} for what is not JSON and wrong types.
template <class Config, class Fields = typename Config::Fields>
Config parse_config(std::string_view json, std::string_view subject, const Log& log,
                    const Config& base) {
  Config config = base;
  ConfigObject top(json, subject);
  std::string model_type;  // the registry has looked at it
  top("model_type", model_type);
  Fields::top(config, top);
  ConfigObject audio = top.object("audio"), text = top.object("text");
  top.warn_of_unknown(log);
  Fields::audio(config, audio);
  audio.warn_of_unknown(log);
  Fields::text(config, text);
  text.warn_of_unknown(log);
  return config;
}

/// Indented JSON with all keys, ending in a line break.
template <class Config, class Fields = typename Config::Fields>
std::string format_config(const Config& config) {
  ConfigWriter top, audio, text;
  top("model_type", Config::kFamilyName);
  Fields::top(config, top);
  Fields::audio(config, audio);
  Fields::text(config, text);
  top.object("audio", audio);
  top.object("text", text);
  return top.text();
}

}  // namespace claptools
