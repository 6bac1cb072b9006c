#include "claptools/index/faiss/faiss_io.hpp"

#include <faiss/Index.h>
#include <faiss/impl/io.h>
#include <faiss/index_io.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/core/files/atomic_file.hpp"

namespace claptools {
namespace {

using Parts = std::vector<std::span<const std::byte>>;

/// Reads the very bytes that were checked, part after part.
class PartsReader : public faiss::IOReader {
 public:
  explicit PartsReader(Parts parts) : parts_(std::move(parts)) {}

  std::size_t operator()(void* to, std::size_t size, std::size_t count) override {
    std::size_t done = 0;
    while (done < size * count && next_ < parts_.size()) {
      auto& part = parts_[next_];
      const std::size_t some = std::min(part.size(), size * count - done);
      if (some > 0) std::memcpy(static_cast<std::byte*>(to) + done, part.data(), some);
      done += some;
      part = part.subspan(some);
      if (part.empty()) ++next_;
    }
    return done / size;
  }

 private:
  Parts parts_;
  std::size_t next_ = 0;
};

std::unique_ptr<faiss::Index> read_parts(Parts parts, const std::string& subject) {
  PartsReader reader(std::move(parts));
  try {
    return std::unique_ptr<faiss::Index>(faiss::read_index(&reader));
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(Fault::data, subject, faiss_reason(error));
  }
}

/// Writes through an AtomicFile, whose errors pass FAISS as they are.
class FileWriter : public faiss::IOWriter {
 public:
  explicit FileWriter(AtomicFile& file) : file_(file) {}

  std::size_t operator()(const void* from, std::size_t size, std::size_t count) override {
    file_.write({static_cast<const std::byte*>(from), size * count});
    return count;
  }

 private:
  AtomicFile& file_;
};

}  // namespace

std::string faiss_reason(const std::exception& error) {
  std::string text = error.what();
  // "Error in FUNCTION at FILE.cpp:LINE: REASON", where REASON may be another such
  const auto file = text.rfind(".cpp:");
  const auto reason = file == text.npos ? text.npos : text.find(": ", file + 5);
  if (reason != text.npos) text.erase(0, reason + 2);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::unique_ptr<faiss::Index> read_faiss(const CheckedFile& file) {
  return read_parts({file.bytes()}, file.subject());
}

std::unique_ptr<faiss::Index> read_faiss_around(const CheckedFile& file, const StoredLists& lists) {
  constexpr std::array<char, 4> kArrays{'i', 'l', 'a', 'r'};
  constexpr std::array<char, 4> kFewSizes{'s', 'p', 'r', 's'};
  const std::array<std::uint64_t, 2> shape{lists.lists.size(), lists.code_size};
  const std::uint64_t none = 0;
  return read_parts({file.bytes().first(lists.begin), std::as_bytes(std::span(kArrays)),
                     std::as_bytes(std::span(shape)), std::as_bytes(std::span(kFewSizes)),
                     std::as_bytes(std::span(&none, 1)), file.bytes().subspan(lists.end)},
                    file.subject());
}

void write_faiss(const faiss::Index& index, const std::filesystem::path& path) {
  AtomicFile file(path);
  FileWriter writer(file);
  faiss::write_index(&index, &writer);
  file.commit();
}

std::string faiss_bytes(const faiss::Index& index) {
  faiss::VectorIOWriter writer;
  faiss::write_index(&index, &writer);
  return {writer.data.begin(), writer.data.end()};
}

bool can_read_back(const faiss::Index& empty) {
  try {
    const std::string bytes = faiss_bytes(empty);
    check_faiss_layout(std::as_bytes(std::span(bytes)), "index");
    return true;
  } catch (const std::exception&) {  // FAISS cannot write every type it can make
    return false;
  }
}

}  // namespace claptools
