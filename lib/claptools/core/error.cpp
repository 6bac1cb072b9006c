#include "claptools/core/error.hpp"

namespace claptools {

Error::Error(Fault fault, std::string_view subject, std::string_view reason)
    : std::runtime_error(std::string(subject) + ": " + std::string(reason)),
      fault_(fault),
      subject_(subject),
      reason_(reason) {}

}  // namespace claptools
