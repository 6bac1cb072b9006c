#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/dataset/manifest_builder.hpp"

namespace claptools {
namespace {

using Json = nlohmann::json;

void check(std::string_view text, const ManifestBuilder& builder, const std::string& where,
           const JsonLimits& limits) {
  if (const auto fault = find_json_fault(text, limits)) builder.fail(where, *fault);
}

Json parse(std::string_view text, const ManifestBuilder& builder, const std::string& where) {
  check(text, builder, where, {});
  return Json::parse(text);
}

/// Of a checked text, behind spaces and the mark of UTF-8.
char first_character(std::string_view text) {
  return text[text.find_first_not_of(" \t\r\n\xEF\xBB\xBF")];
}

/// What a manifest says of all its items, and the text of their list.
struct Manifest {
  Json properties;
  std::string_view items;
};

Manifest split(std::string_view text, const ManifestBuilder& builder) {
  if (first_character(text) != '{') return {Json::object(), text};
  Manifest manifest{Json::object(), {}};
  JsonMembers members(text);
  while (const auto member = members.next()) {
    const auto key = Json::parse(member->key).get<std::string>();
    if (key == "data") {
      manifest.items = member->value;
    } else {
      manifest.properties[key] = parse(member->value, builder, "manifest");
    }
  }
  if (manifest.items.empty()) builder.fail("manifest", "'data' is missing");
  return manifest;
}

/// The fields of one JSON object, with the errors that name them.
class ItemReader {
 public:
  ItemReader(const Json& object, const ManifestBuilder& builder, const std::string& where)
      : object_(object), builder_(builder), where_(where) {
    if (!object.is_object()) builder.fail(where, "not a JSON object");
    for (const auto& [key, value] : object.items()) {
      const auto* text = value.get_ptr<const std::string*>();
      if (text != nullptr && text->find('\0') != std::string::npos)
        builder.fail(where, "'" + shorten(key) + "' holds a NUL");
    }
  }

  /// @param per_audio captions of an item that does not tell its own number; 0: as many as follow.
  ManifestItem read(std::size_t per_audio) const {
    ManifestItem item;
    item.audio.path = builder_.find_audio([&](const std::string& key) { return value(key); });
    item.id = text("id");
    item.label = text("label");
    item.duration_s = builder_.parse_duration(text("duration"), where_);
    for (const char* key : {"caption", "captions", "text"}) add_texts(key, item.captions);
    add_numbered(per_audio, item.captions);
    return item;
  }

  /// A count; `otherwise` where it is missing.
  std::size_t count(const char* key, std::size_t otherwise) const {
    const Json* value = find(key);
    if (value == nullptr) return otherwise;
    if (!value->is_number_unsigned()) wrong(key, "a number");
    return value->get<std::size_t>();
  }

 private:
  /// What may name the audio: other things have such keys, too.
  std::optional<std::string> value(const std::string& key) const {
    const Json* found = find(key);
    if (found == nullptr) return std::nullopt;
    if (key != "audio" && !found->is_string() && !found->is_number()) return std::nullopt;
    return text(key);
  }

  const Json* find(const std::string& key) const {
    const auto at = object_.find(key);
    return at == object_.end() || at->is_null() ? nullptr : &*at;
  }

  /// A string, or a number as it is written; empty where it is missing.
  std::string text(const std::string& key) const {
    const Json* value = find(key);
    if (value == nullptr) return {};
    if (value->is_number()) return value->dump();
    if (!value->is_string()) wrong(key, "a text");
    return value->get<std::string>();
  }

  void add_texts(const char* key, std::vector<std::string>& captions) const {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_array()) return captions.push_back(text(key));
    for (const Json& caption : *value) {
      if (!caption.is_string()) wrong(key, "a list of texts");
      captions.push_back(caption.get<std::string>());
    }
  }

  /// caption_1, caption_2 ...
  void add_numbered(std::size_t per_audio, std::vector<std::string>& captions) const {
    const std::size_t wanted = count("num_captions", per_audio);
    const bool told = wanted > 1 && captions.empty();
    for (std::size_t i = 1; !told || i <= wanted; ++i) {
      const std::string key = "caption_" + std::to_string(i);
      if (find(key) != nullptr) {
        captions.push_back(text(key));
      } else if (told) {
        builder_.fail(where_,
                      "'" + key + "' is missing of " + std::to_string(wanted) + " captions");
      } else {
        return;
      }
    }
  }

  [[noreturn]] void wrong(const std::string& key, const std::string& wanted) const {
    builder_.fail(where_, "'" + key + "' is not " + wanted);
  }

  const Json& object_;
  const ManifestBuilder& builder_;
  const std::string& where_;
};

}  // namespace

ManifestItem parse_json_item(std::string_view text, const ManifestBuilder& builder,
                             const std::string& where) {
  return ItemReader(parse(text, builder, where), builder, where).read(0);
}

void read_json_manifest(ManifestBuilder& builder) {
  InputStream in(builder.path());
  const std::string text = read_all(in);
  if (const auto fault = find_text_fault(text)) builder.fail("manifest", *fault);
  constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();
  check(text, builder, "manifest", {.values = kAny});  // items are parsed one by one
  const Manifest manifest = split(text, builder);
  const std::size_t per_audio =
      ItemReader(manifest.properties, builder, "manifest").count("num_captions_per_audio", 0);
  if (first_character(manifest.items) != '[') builder.fail("manifest", "'data' is not a list");
  JsonMembers items(manifest.items);
  for (std::size_t i = 1; const auto item = items.next(); ++i) {
    const std::string where = "item " + std::to_string(i);
    builder.add(ItemReader(parse(item->value, builder, where), builder, where).read(per_audio),
                where);
  }
}

void read_json_lines_manifest(ManifestBuilder& builder) {
  InputStream in(builder.path());
  LineReader lines(in, builder.path());
  for (std::string text; lines.next_text(text);) {
    if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string where = "line " + std::to_string(lines.number());
    builder.add(parse_json_item(text, builder, where), where);
  }
}

}  // namespace claptools
