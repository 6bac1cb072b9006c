#include "mgaclap/weights/config.hpp"

#include <cstdint>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "mgaclap/core/error.hpp"
#include "mgaclap/weights/config_fields.hpp"

namespace mgaclap {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

/// Takes known keys out of one JSON object and warns of what is left.
class ObjectReader {
 public:
  ObjectReader(const Json& object, std::string prefix, std::string_view subject)
      : object_(object), prefix_(std::move(prefix)), subject_(subject) {
    if (!object.is_object()) fail("", "must be an object");
  }

  template <class T>
  void operator()(const char* key, T& member) {
    known_.emplace_back(key);
    if (const auto it = object_.find(key); it != object_.end()) read(key, *it, member);
  }

  void known(const char* key) { known_.emplace_back(key); }

  void warn_of_unknown(const Log& log) const {
    for (const auto& [key, value] : object_.items()) {
      if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
      report(log, LogLevel::warning,
             std::string(subject_) + ": unknown key '" + prefix_ + key + "' is ignored");
    }
  }

 private:
  [[noreturn]] void fail(const std::string& key, const char* what) const {
    const std::string name = prefix_ + key;
    throw Error(Fault::data, subject_, (name.empty() ? "the file" : "'" + name + "'") + " " + what);
  }

  void read(const char* key, const Json& value, int& member) const {
    if (!value.is_number_integer() || value < 0 || value > std::numeric_limits<int>::max()) {
      fail(key, "must be a whole number");
    }
    member = value.get<int>();
  }
  void read(const char* key, const Json& value, bool& member) const {
    if (!value.is_boolean()) fail(key, "must be true or false");
    member = value.get<bool>();
  }
  void read(const char* key, const Json& value, double& member) const {
    if (!value.is_number()) fail(key, "must be a number");
    member = value.get<double>();
  }
  void read(const char* key, const Json& value, std::string& member) const {
    if (!value.is_string()) fail(key, "must be a string");
    member = value.get<std::string>();
  }
  void read(const char* key, const Json& value, std::vector<int>& member) const {
    if (!value.is_array()) fail(key, "must be a list");
    member.clear();
    for (const Json& item : value) read(key, item, member.emplace_back());
  }

  const Json& object_;
  std::string prefix_;
  std::string_view subject_;
  std::vector<std::string> known_;
};

}  // namespace

ModelConfig parse_config(std::string_view json, std::string_view subject, const Log& log,
                         const ModelConfig& base) {
  const Json root = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (root.is_discarded()) throw Error(Fault::data, subject, "not valid JSON");
  ModelConfig config = base;
  ObjectReader top(root, "", subject);
  top_fields(config, [&](const char* key, auto& member) { top(key, member); });
  top.known("audio");
  top.known("text");
  top.warn_of_unknown(log);
  if (root.contains("audio")) {
    ObjectReader audio(root["audio"], "audio.", subject);
    audio_fields(config.audio, [&](const char* key, auto& member) { audio(key, member); });
    audio.warn_of_unknown(log);
  }
  if (root.contains("text")) {
    ObjectReader text(root["text"], "text.", subject);
    text_fields(config.text, [&](const char* key, auto& member) { text(key, member); });
    text.warn_of_unknown(log);
  }
  return config;
}

ModelConfig read_config(const std::filesystem::path& path, const Log& log,
                        const ModelConfig& base) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(Fault::no_input, path.native(), "cannot be read");
  std::ostringstream text;
  text << in.rdbuf();
  return parse_config(text.str(), path.native(), log, base);
}

std::string format_config(const ModelConfig& config) {
  OrderedJson root;
  const auto into = [](OrderedJson& object) {
    return [&object](const char* key, const auto& value) { object[key] = value; };
  };
  top_fields(config, into(root));
  audio_fields(config.audio, into(root["audio"]));
  text_fields(config.text, into(root["text"]));
  return root.dump(2) + "\n";
}

}  // namespace mgaclap
