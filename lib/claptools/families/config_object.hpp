#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/core/log.hpp"

namespace claptools {

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
  /// @throws Error{data} naming the key and its value if that is of another type.
  void operator()(const char* key, int& member);
  void operator()(const char* key, bool& member);
  void operator()(const char* key, double& member);
  void operator()(const char* key, std::string& member);
  void operator()(const char* key, std::vector<int>& member);

  /// The value of a key as JSON; empty if it is absent.
  std::string text(const char* key);

  /// Of keys that were not asked for.
  void warn_of_unknown(const Log& log) const;

 private:
  struct Tree;
  explicit ConfigObject(std::unique_ptr<Tree> tree);
  template <class T>
  void take(const char* key, T& member);

  std::unique_ptr<Tree> tree_;
};

}  // namespace claptools
