#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace claptools {

/// SHA-256 (FIPS 180-4) of bytes given in parts.
class Sha256 {
 public:
  /// @throws Error{unavailable} if the cryptographic library offers no SHA-256.
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  void update(std::span<const std::byte> bytes);

  /// 64 lower-case digits of all bytes so far; more may follow.
  std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace claptools
