#include "claptools/index/index_input.hpp"

#include <filesystem>

#include "claptools/core/files/output_path.hpp"
#include "claptools/core/files/scratch.hpp"
#include "claptools/index/index_directory.hpp"

namespace claptools {
namespace {

class FileSource : public IndexInput {
 public:
  explicit FileSource(const std::string& path) : reader_(path) {}

  const EmbeddingHeader& header() const override { return reader_.header(); }
  const std::vector<Segment>& segments() const override { return reader_.segments(); }
  const std::vector<std::string>& meta(std::size_t column) const override {
    return reader_.meta(column);
  }
  const std::vector<FileRecord>& files() const override { return reader_.files(); }
  Matrix vectors(std::size_t first, std::size_t count) const override {
    return reader_.embeddings(first, count);
  }

 private:
  EmbeddingReader reader_;
};

class IndexSource : public IndexInput {
 public:
  explicit IndexSource(const std::string& path) : directory_(open_index_directory(path)) {}

  const EmbeddingHeader& header() const override { return directory_.rows.header; }
  const std::vector<Segment>& segments() const override { return directory_.rows.segments; }
  const std::vector<std::string>& meta(std::size_t column) const override {
    return directory_.rows.meta.at(column);
  }
  const std::vector<FileRecord>& files() const override { return directory_.rows.files; }
  Matrix vectors(std::size_t first, std::size_t count) const override {
    return directory_.index->vectors(first, count);
  }

 private:
  SearchDirectory directory_;
};

}  // namespace

std::unique_ptr<IndexInput> open_row_source(const std::string& path) {
  if (std::filesystem::is_directory(status_of(current_folder(path), Fault::no_input)))
    return std::make_unique<IndexSource>(path);
  return std::make_unique<FileSource>(path);
}

}  // namespace claptools
