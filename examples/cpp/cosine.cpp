// usage: cosine MODEL RECORDING TEXT [EMBEDDINGS.h5 [INDEX.clapindex]]
// Prints the cosine of a recording and a text; then the rows of an embedding file, and what an
// index has for the text.
#include <atomic>
#include <claptools/core/error.hpp>
#include <claptools/engine/model.hpp>
#include <claptools/index/search_directories.hpp>
#include <claptools/pipeline/embed_audio.hpp>
#include <cstdio>
#include <numeric>
#include <optional>
#include <utility>

using namespace claptools;

/// One row, the mean of its windows. @throws Error if it cannot be read.
Matrix embed_recording(const Model& model, const std::string& path) {
  EmbedOptions options;
  options.window_s = options.hop_s = model.spec().audio.window_s;
  options.pooling = Pooling::mean;
  options.strict = true;
  Matrix row(1, model.spec().dim);
  std::optional<AudioInput> input{{path, path, {}}};
  const RowSink sink{[&](const EmbeddingRows& rows) {
                       row.data.assign(rows.embeddings.data, rows.embeddings.data + row.cols);
                     },
                     [](const InputError&) {}};
  embed_audio(
      model, [&] { return std::exchange(input, std::nullopt); }, options, sink,
      std::atomic<bool>(false));
  return row;
}

int main(int argc, char** argv) try {
  if (argc < 4)
    throw Error(Fault::usage, argv[0], "MODEL RECORDING TEXT [EMBEDDINGS.h5 [INDEX.clapindex]]");
  ModelPaths paths;
  paths.model = argv[1];
  const auto model = Model::load(read_model_files(paths, {}), {}, {});
  const std::string text = argv[3];
  const Matrix sound = embed_recording(*model, argv[2]), words = model->embed_texts({&text, 1});
  std::printf("cosine\t%.6f\n",
              std::inner_product(sound.data.begin(), sound.data.end(), words.data.begin(), 0.0));
  if (argc > 4) {
    const EmbeddingReader file(argv[4]);
    for (const Segment& row : file.segments())
      std::printf("row\t%s\t%g\t%g\n", row.id.c_str(), row.start_s, row.end_s);
  }
  if (argc > 5) {
    const std::string name = argv[5];
    const SearchDirectory found = open_search_directories({&name, 1}, 0);
    const Neighbours best = found.index->search(words, 3);
    for (std::size_t i = 0; i < best.k; ++i)
      std::printf("hit\t%s\t%.6f\n",
                  found.rows.segments[static_cast<std::size_t>(best.ids[i])].id.c_str(),
                  best.scores[i]);
  }
} catch (const Error& e) {
  std::fprintf(stderr, "cosine: %s\n", e.what());
  return static_cast<int>(e.fault());
}
