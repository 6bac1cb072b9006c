#include "claptools/families/config/config_object.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/core/strings/suggest.hpp"
#include "claptools/families/config/check_towers.hpp"

namespace claptools {

using Json = nlohmann::json;

struct ConfigObject::Tree {
  std::shared_ptr<const Json> root;  ///< keeps `object` alive
  const Json& object;
  std::string prefix;  ///< of its keys in messages
  std::string_view subject;
  std::vector<std::string> known;

  [[noreturn]] void fail(const char* key, const Json& value, const char* wanted) const {
    throw Error(Fault::data, subject,
                "'" + prefix + key + "' must be " + wanted + ", not " + shorten(value.dump()));
  }

  void read(const char* key, const Json& value, int& member) const {
    if (!value.is_number_integer() || value < 0 || value > std::numeric_limits<int>::max()) {
      fail(key, value, "a whole number from 0 to 2147483647");
    }
    member = value.get<int>();
  }
  void read(const char* key, const Json& value, bool& member) const {
    if (!value.is_boolean()) fail(key, value, "true or false");
    member = value.get<bool>();
  }
  void read(const char* key, const Json& value, double& member) const {
    if (!value.is_number()) fail(key, value, "a number");
    member = value.get<double>();
  }
  void read(const char* key, const Json& value, std::string& member) const {
    if (!value.is_string()) fail(key, value, "a string");
    member = value.get<std::string>();
  }
  void read(const char* key, const Json& value, std::vector<int>& member) const {
    if (!value.is_array()) fail(key, value, "a list");
    member.clear();
    for (const Json& item : value) read(key, item, member.emplace_back());
  }
};

ConfigObject::ConfigObject(std::string_view json, std::string_view subject) {
  check_json(json, subject);
  auto root = std::make_shared<const Json>(Json::parse(json));
  if (!root->is_object()) throw Error(Fault::data, subject, "not a JSON object");
  tree_ = std::make_unique<Tree>(Tree{root, *root, "", subject, {}});
}

ConfigObject::ConfigObject(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
ConfigObject::~ConfigObject() = default;
ConfigObject::ConfigObject(ConfigObject&&) noexcept = default;

ConfigObject ConfigObject::object(const char* key) {
  static const auto none = std::make_shared<const Json>(Json::object());
  tree_->known.emplace_back(key);
  const auto it = tree_->object.find(key);
  const bool absent = it == tree_->object.end();
  if (!absent && !it->is_object()) {
    throw Error(Fault::data, tree_->subject, "'" + tree_->prefix + key + "' must be an object");
  }
  const std::string prefix = tree_->prefix + key + ".";
  return ConfigObject(
      std::make_unique<Tree>(absent ? Tree{none, *none, prefix, tree_->subject, {}}
                                    : Tree{tree_->root, *it, prefix, tree_->subject, {}}));
}

bool ConfigObject::contains(const char* key) const { return tree_->object.contains(key); }

template <class T>
void ConfigObject::operator()(const char* key, T& member) {
  tree_->known.emplace_back(key);
  if (const auto it = tree_->object.find(key); it != tree_->object.end()) {
    tree_->read(key, *it, member);
  }
}

template void ConfigObject::operator()(const char*, int&);
template void ConfigObject::operator()(const char*, bool&);
template void ConfigObject::operator()(const char*, double&);
template void ConfigObject::operator()(const char*, std::string&);
template void ConfigObject::operator()(const char*, std::vector<int>&);

std::size_t ConfigObject::choose(const char* key, std::size_t now,
                                 std::span<const std::string> words) {
  std::string word = words[now];
  (*this)(key, word);
  const auto found = std::ranges::find(words, word);
  require_config(found != words.end(), tree_->subject,
                 std::string(key) + ": " + not_one_of(word, words));
  return static_cast<std::size_t>(found - words.begin());
}

std::string ConfigObject::text(const char* key) {
  tree_->known.emplace_back(key);
  const auto it = tree_->object.find(key);
  return it == tree_->object.end() ? "" : it->dump();
}

void ConfigObject::warn_of_unknown(const Log& log) const {
  constexpr std::size_t kNamed = 5;
  const std::string subject = std::string(tree_->subject) + ": ";
  std::size_t unknown = 0;
  for (const auto& [key, value] : tree_->object.items()) {
    if (std::ranges::find(tree_->known, key) != tree_->known.end()) continue;
    if (++unknown > kNamed) continue;
    report(log, LogLevel::warning,
           subject + "unknown key '" + tree_->prefix + shorten(key) + "' is ignored");
  }
  if (unknown > kNamed) {
    report(log, LogLevel::warning,
           subject + std::to_string(unknown - kNamed) + " more unknown keys are ignored");
  }
}

struct ConfigWriter::Tree {
  nlohmann::ordered_json root;
};

ConfigWriter::ConfigWriter() : tree_(std::make_unique<Tree>()) {}
ConfigWriter::~ConfigWriter() = default;

template <class T>
void ConfigWriter::operator()(const char* key, const T& member) {
  tree_->root[key] = member;
}

template void ConfigWriter::operator()(const char*, const int&);
template void ConfigWriter::operator()(const char*, const bool&);
template void ConfigWriter::operator()(const char*, const double&);
template void ConfigWriter::operator()(const char*, const std::string&);
template void ConfigWriter::operator()(const char*, const std::vector<int>&);
template void ConfigWriter::operator()(const char*, const std::vector<std::string>&);
template void ConfigWriter::operator()(const char*, const std::nullptr_t&);

void ConfigWriter::object(const char* key, const ConfigWriter& members) {
  tree_->root[key] = members.tree_->root;
}

std::string ConfigWriter::text() const { return tree_->root.dump(2) + "\n"; }

}  // namespace claptools
