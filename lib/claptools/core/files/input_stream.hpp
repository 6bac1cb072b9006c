#pragma once

#include <array>
#include <atomic>
#include <istream>
#include <streambuf>
#include <string>
#include <string_view>

namespace claptools {

/// The bytes of a descriptor. A read that fails throws; it never looks like the end.
class DescriptorBuffer : public std::streambuf {
 public:
  /// @param path "-" is standard input, which stays open.
  /// @param stop may be null; once it is set, the bytes end early, also while none come.
  DescriptorBuffer(const std::string& path, const std::atomic<bool>* stop);
  DescriptorBuffer(const DescriptorBuffer&) = delete;
  DescriptorBuffer& operator=(const DescriptorBuffer&) = delete;
  ~DescriptorBuffer() override;

  const std::string& subject() const { return subject_; }

  /// Whether reading would not wait now: bytes have come, the end or a failure.
  bool is_ready() const;

 protected:
  int_type underflow() override;

 private:
  bool wait() const;
  [[noreturn]] void fail(int code) const;

  std::string subject_;
  int fd_;
  const std::atomic<bool>* stop_;
  std::array<char, 65536> block_;
};

/// A file, a pipe or standard input ("-"), read once from its beginning to its end: what every
/// reader of texts and tables reads from.
/// @throws Error{no_input} if it cannot be opened or is a directory; whatever reads from it then
/// throws Error{io} with the system's reason where reading fails.
class InputStream : public std::istream {
 public:
  /// @param stop as DescriptorBuffer has it.
  explicit InputStream(const std::string& path, const std::atomic<bool>* stop = nullptr);

  /// For messages: the path, or "standard input".
  const std::string& subject() const { return buffer_.subject(); }

 private:
  DescriptorBuffer buffer_;
};

/// The remaining bytes of a stream.
std::string read_all(std::istream& in);

/// What the first bytes of a binary file say it is ("a tar file"); empty for what may be a text.
std::string_view name_of_binary(std::string_view beginning);

}  // namespace claptools
