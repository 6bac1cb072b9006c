#pragma once

#include <span>
#include <string>

#include "claptools/store/embedding_file.hpp"

namespace claptools::cmd {

/// What embedded rows are made into: a table on standard output or in a file.
class RowTable {
 public:
  virtual ~RowTable() = default;

  /// The recordings that may come, before everything else; only of labels for other programs.
  /// @throws Error{usage} if the output cannot hold as many; {cannot_create}.
  virtual void expect(std::span<const std::string>) {}

  /// Before the rows of a file, or of all recordings. @param subject for messages.
  /// @throws Error{data} for frames that do not lie on a grid.
  virtual void begin(const EmbeddingHeader& header, const std::string& subject) = 0;

  virtual void add(const EmbeddingRows& rows) = 0;

  /// A recording failed, perhaps after some of its rows came.
  virtual void drop(const InputError& error) = 0;

  /// After the last row of what was begun.
  virtual void end() = 0;

  /// Ends the output. Without it no file appears.
  virtual void close() = 0;
};

}  // namespace claptools::cmd
