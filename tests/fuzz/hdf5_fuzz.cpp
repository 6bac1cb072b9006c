#include "claptools/store/classifiers/classifier_file.hpp"
#include "claptools/store/embedding_file.hpp"
#include "claptools/store/scores/frame_score_file.hpp"
#include "claptools/store/scores/retrieval_file.hpp"
#include "claptools/store/scores/score_file.hpp"
#include "claptools/store/verify_file.hpp"
#include "fuzz/harness.hpp"
#include "fuzz/input_folder.hpp"

/// What HDF5 leaks on damaged files, or hands to memcpy, is not ours; a wild copy still crashes.
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5\n"; }
extern "C" const char* __asan_default_suppressions() { return "interceptor_via_lib:libhdf5\n"; }

namespace {

using namespace claptools;

void read_embeddings(const std::string& path) {
  const EmbeddingReader reader(path, true);
  reader.errors();
  for (std::size_t row = 0; row < reader.rows(); ++row) {
    fuzz::expect_data_or_refusal([&] { reader.embeddings(row, 1); });
    fuzz::expect_data_or_refusal([&] { reader.frames(row); });
  }
}

void read_frame_scores(const std::string& path) {
  FrameScoreReader reader(path);
  for (std::size_t clip = 0; clip < reader.ids().size(); ++clip) {
    reader.boundaries(clip);
    reader.scores(clip);
  }
}

}  // namespace

/// Every kind of HDF5 file that the tools read.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::InputFolder folder;
  const std::string path = folder.write("input.h5", data, size);
  fuzz::expect_data_or_refusal([&] { read_embeddings(path); });
  fuzz::expect_data_or_refusal([&] { verify_embedding_file(path); });
  fuzz::expect_data_or_refusal([&] { read_scores(path); });
  fuzz::expect_data_or_refusal([&] { read_frame_scores(path); });
  fuzz::expect_data_or_refusal([&] { read_embedding_pair(path); });
  fuzz::expect_data_or_refusal([&] { read_similarity(path); });
  fuzz::expect_data_or_refusal([&] { read_query_similarity(path); });
  fuzz::expect_data_or_refusal([&] { read_classifier(path); });
  return 0;
}
