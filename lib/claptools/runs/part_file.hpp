#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "claptools/core/files/atomic_file.hpp"
#include "claptools/core/files/file_stamp.hpp"
#include "claptools/core/files/mapped_file.hpp"
#include "claptools/pipeline/run_position.hpp"
#include "claptools/store/embedding_file.hpp"

namespace claptools {

/// A finished input; its rows or its failure precede it in the part.
struct PartInput {
  std::string id;
  FileStamp stamp;  ///< taken before it was read
  std::vector<std::string> meta;
  double seconds = 0;        ///< of audio
  double wall_s = 0;         ///< spent on it
  std::string warning = {};  ///< what was said of it
  std::string sha256 = {};   ///< EndedInput::sha256
};

/// Rows of consecutive inputs while a run is under way: a plain file of records, each with its
/// checksum, that can be cut off after any input. Private to one run on one machine's byte order.
class PartWriter {
 public:
  /// @param run what made the rows; a reader asks for the same. @throws Error{cannot_create}, {io}.
  PartWriter(const std::string& path, const std::string& run, const RunPosition& from);

  /// @throws Error{io}, also those below.
  void append(const EmbeddingRows& rows);
  void append_error(const InputError& error);
  void end_input(const PartInput& input, const RunPosition& next, bool can_resume_here);

  /// Publishes what ended up to the last restart. @return false if there is nothing: no file.
  bool publish();

 private:
  void record(char kind, const std::string& payload);

  AtomicFile file_;
  std::uint64_t size_ = 0, kept_ = 0;  // bytes written, and of them up to the last restart
  RunPosition next_;                   // of kept_
};

/// The contents of a part, in the order in which they were written.
struct PartVisitor {
  std::function<void(const EmbeddingRows&)> rows;
  std::function<void(const InputError&)> error;
  std::function<void(const PartInput&, const InputError* failure)> ended;
};

class PartReader {
 public:
  /// Checks all of it. @throws Error{no_input}, or {data} if it is damaged, cut off, of another
  /// run, or does not begin at `from`.
  PartReader(const std::string& path, const std::string& run, const RunPosition& from);

  const std::vector<PartInput>& inputs() const { return inputs_; }
  const RunPosition& next() const { return next_; }

  void replay(const PartVisitor& visitor) const;

 private:
  std::string path_;
  MappedFile file_;
  std::vector<PartInput> inputs_;
  RunPosition next_;
};

}  // namespace claptools
