#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace claptools {

/// What kind of error it is; the value is the exit code of a tool that ends because of it.
enum class Fault {
  usage = 64,          ///< wrong options or arguments
  data = 65,           ///< invalid input: corrupt, mismatched, NaN
  no_input = 66,       ///< input missing or unreadable
  unavailable = 69,    ///< a device or library is not available
  internal = 70,       ///< our own bug
  cannot_create = 73,  ///< output exists already or cannot be made
  io = 74,             ///< error while writing or reading, disk full
};

/// The one exception type of the library; what() is "SUBJECT: reason".
class Error : public std::runtime_error {
 public:
  /// @param subject the file, option or item concerned, as the user gave it (escaped only on
  /// printing).
  /// @param reason  lower case, without a full stop.
  Error(Fault fault, std::string_view subject, std::string_view reason);

  Fault fault() const noexcept { return fault_; }
  const std::string& subject() const noexcept { return subject_; }
  const std::string& reason() const noexcept { return reason_; }

 private:
  Fault fault_;
  std::string subject_;
  std::string reason_;
};

}  // namespace claptools
