#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/core/log.hpp"

namespace claptools {

inline constexpr std::size_t kMaxConfig = 1 << 20;  ///< bytes of a model's config.json

/// An object of a configuration in JSON, whose known keys are taken one by one.
class ConfigObject {
 public:
  /// @param json    passes check_json() or throws as it does.
  /// @param subject for messages; outlives this.
  /// @throws Error{data} for what is not an object.
  ConfigObject(std::string_view json, std::string_view subject);
  ~ConfigObject();
  ConfigObject(ConfigObject&&) noexcept;

  /// A member that is an object, an empty one if it is absent. @throws Error{data} if it is none.
  ConfigObject object(const char* key);

  bool contains(const char* key) const;

  /// Overwrites `member` where there is such a key.
  /// @param member an int, bool, double, std::string or std::vector<int>.
  /// @throws Error{data} naming the key and its value if that is of another type.
  template <class T>
  void operator()(const char* key, T& member);

  /// The same for an enumeration whose values count from 0. @param words one for each value.
  template <class Enum, std::size_t size>
  void operator()(const char* key, Enum& member, const std::array<std::string, size>& words) {
    member = static_cast<Enum>(choose(key, static_cast<std::size_t>(member), words));
  }

  /// The value of a key as JSON; empty if it is absent.
  std::string text(const char* key);

  /// Of keys that were not asked for.
  void warn_of_unknown(const Log& log) const;

 private:
  struct Tree;
  explicit ConfigObject(std::unique_ptr<Tree> tree);
  std::size_t choose(const char* key, std::size_t now, std::span<const std::string> words);

  std::unique_ptr<Tree> tree_;
};

/// Writes what ConfigObject reads, in the order of the calls.
class ConfigWriter {
 public:
  ConfigWriter();
  ~ConfigWriter();

  /// @param member of a type that ConfigObject reads, or nullptr, or std::vector<std::string>.
  template <class T>
  void operator()(const char* key, const T& member);
  void operator()(const char* key, const char* word) { (*this)(key, std::string(word)); }
  template <class Enum, std::size_t size>
  void operator()(const char* key, Enum member, const std::array<std::string, size>& words) {
    (*this)(key, words[static_cast<std::size_t>(member)]);
  }
  void object(const char* key, const ConfigWriter& members);

  /// Indented JSON, ending in a line break.
  std::string text() const;

 private:
  struct Tree;
  std::unique_ptr<Tree> tree_;
};

}  // namespace claptools
