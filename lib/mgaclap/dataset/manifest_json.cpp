#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "mgaclap/core/mapped_file.hpp"
#include "mgaclap/dataset/manifest_builder.hpp"

namespace mgaclap {
namespace {

using Json = nlohmann::json;

std::string_view text_of(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

Json parse(std::string_view text, const ManifestBuilder& builder, const std::string& where) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& e) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(e.byte, text.size()));
    const auto line = 1 + std::count(text.begin(), end, '\n');
    builder.fail(where.empty() ? "line " + std::to_string(line) : where,
                 "not JSON (byte " + std::to_string(e.byte) + ")");
  } catch (const Json::out_of_range&) {
    builder.fail(where.empty() ? "manifest" : where, "a number in it is too large");
  }
}

/// The fields of one JSON object, with the errors that name them.
class ItemReader {
 public:
  ItemReader(const Json& object, const ManifestBuilder& builder, const std::string& where)
      : object_(object), builder_(builder), where_(where) {
    if (!object.is_object()) builder.fail(where, "not an object");
  }

  /// @param per_audio captions of an item that does not tell its own number; 0: as many as follow.
  ManifestItem read(std::size_t per_audio) const {
    ManifestItem item;
    for (const char* key : {"audio", "file", "path", "file_name"})
      if (item.audio.path.empty()) item.audio.path = text(key);
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
  const MappedFile file(builder.path());
  const Json root = parse(text_of(file), builder, "");
  std::size_t per_audio = 0;
  const Json* data = &root;
  if (root.is_object()) {
    const std::string where = "manifest";
    per_audio = ItemReader(root, builder, where).count("num_captions_per_audio", 0);
    if (!root.contains("data")) builder.fail(where, "'data' is missing");
    data = &root["data"];
  }
  if (!data->is_array()) builder.fail("manifest", "'data' is not a list");
  for (std::size_t i = 0; i < data->size(); ++i) {
    const std::string where = "item " + std::to_string(i + 1);
    builder.add(ItemReader((*data)[i], builder, where).read(per_audio), where);
  }
}

void read_json_lines_manifest(ManifestBuilder& builder) {
  const MappedFile file(builder.path());
  std::string_view rest = text_of(file);
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view text = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string where = "line " + std::to_string(line);
    builder.add(parse_json_item(text, builder, where), where);
  }
}

}  // namespace mgaclap
