#pragma once
// Internal to the room.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "claptools/core/error.hpp"
#include "claptools/index/checked_file.hpp"

namespace claptools {

/// Elements of a vector in the file, which need not be aligned.
template <typename T>
class Elements {
 public:
  Elements(const std::byte* data, std::size_t size) : data_(data), size_(size) {}
  std::size_t size() const { return size_; }
  T operator[](std::size_t i) const {
    T value;
    std::memcpy(&value, data_ + i * sizeof(T), sizeof(T));
    return value;
  }

 private:
  const std::byte* data_;
  std::size_t size_;
};

/// The bytes of a FAISS file, taken from the front; none is looked at that is not there.
class FaissBytes {
 public:
  /// @param file bytes taken are compared with its checksums; may be null.
  FaissBytes(std::span<const std::byte> bytes, std::string_view subject, const CheckedFile* file)
      : all_(bytes), left_(bytes), subject_(subject), file_(file) {}

  std::span<const std::byte> left() const { return left_; }

  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(Fault::data, subject_, reason);
  }

  void require(bool holds, const char* reason) const {
    if (!holds) fail(std::string("damaged FAISS index: ") + reason);
  }

  std::size_t position() const { return all_.size() - left_.size(); }

  const std::byte* pass_over(std::size_t count) {
    require(count <= left_.size(), "cut off");
    const std::byte* at = left_.data();
    left_ = left_.subspan(count);
    return at;
  }

  const std::byte* take_bytes(std::size_t count) {
    if (file_ && count <= left_.size()) file_->check(position(), count);
    return pass_over(count);
  }

  template <typename T>
  T take() {
    T value;
    std::memcpy(&value, take_bytes(sizeof(T)), sizeof(T));
    return value;
  }

  template <typename T>
  Elements<T> elements(std::uint64_t count) {
    require(count <= left_.size() / sizeof(T), "cut off");
    return {take_bytes(count * sizeof(T)), count};
  }

  template <typename T>
  Elements<T> vector() {
    return elements<T>(take<std::uint64_t>());
  }

  template <typename T>
  Elements<T> vector_of(std::uint64_t count, const char* what) {
    const auto values = vector<T>();
    require(values.size() == count, what);
    return values;
  }

  std::string four_characters() {
    return {reinterpret_cast<const char*>(take_bytes(4)), 4};  // NOLINT
  }

  bool boolean() {
    const auto value = take<std::uint8_t>();
    require(value <= 1, "a flag is neither 0 nor 1");
    return value == 1;
  }

  template <typename T>
  T between(T low, T high, const char* what) {
    const T value = take<T>();
    require(value >= low && value <= high, what);
    return value;
  }

 private:
  std::span<const std::byte> all_, left_;
  std::string_view subject_;
  const CheckedFile* file_;
};

}  // namespace claptools
