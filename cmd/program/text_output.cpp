#include "cmd/program/text_output.hpp"

#include <cerrno>
#include <cstdio>
#include <span>

#include "claptools/core/error.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/core/system_reason.hpp"

namespace claptools::cmd {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 16;

void check(bool written) {
  if (!written) throw Error(Fault::io, "standard output", system_reason(errno));
}

}  // namespace

void require_creatable(const std::string& path, bool force) {
  if (path != "-" && std::filesystem::is_directory(status_of(path, Fault::cannot_create))) {
    throw Error(Fault::cannot_create, path, "is a folder; give the name of a file in it");
  }
  require_creatable_folder(path, force);
}

void require_creatable_folder(const std::string& path, bool force) {
  if (path != "-" && !force && is_there(path, Fault::cannot_create)) {
    throw Error(Fault::cannot_create, path, "exists; use --force");
  }
}

TextOutput::TextOutput(const std::string& path, bool force) {
  if (path == "-") return;
  require_creatable(path, force);
  file_ = std::make_unique<AtomicFile>(path, force);
}

void TextOutput::write(std::string_view text) {
  if (!file_) return check(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
  buffer_ += text;
  if (buffer_.size() >= kBufferBytes) flush();
}

void TextOutput::close() {
  flush();
  if (file_) file_->commit();
}

void TextOutput::flush() {
  if (!file_) return check(std::fflush(stdout) == 0);
  file_->write(std::as_bytes(std::span(buffer_)));
  buffer_.clear();
}

}  // namespace claptools::cmd
