#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "claptools/corpus/index_settings.hpp"
#include "claptools/corpus/update_index.hpp"
#include "claptools/runs/run_header.hpp"
#include "pipeline/fake_model.hpp"
#include "pipeline/recordings.hpp"
#include "support/temp_dir.hpp"

namespace claptools::testing {

/// A folder of recordings and an index of it, by FakeModel.
class ExampleCorpus {
 public:
  ExampleCorpus() {
    std::filesystem::create_directory(dir / "in");
    options.window_s = options.hop_s = 1;
    options.min_tail_s = 0.05;
  }

  std::string folder() const { return dir / "in"; }
  std::string path(const std::string& name) const { return folder() + "/" + name; }
  std::string index() const { return dir / "x.clapindex"; }
  void write(const std::string& name, std::size_t samples) const {
    write_bytes(path(name), ramp_wav(samples));
  }

  EmbeddingHeader header() const {
    EmbeddingHeader header;
    header.dim = 4;
    header.model_name = "fake";
    header.model_sha256 = "00ff";
    describe_audio(options, model, header);
    header.options = describe_options(options, false);
    return header;
  }

  CorpusInputs inputs() const { return {{folder()}, {}, {}}; }

  /// Embeds all that is to be embedded. @return how many that were.
  std::size_t embed(PendingRows& pending, const Corpus& corpus,
                    const std::vector<PlannedFile>& plan) const {
    auto inputs = inputs_to_embed(corpus, plan, pending);
    const std::size_t count = inputs.size();
    pending.embed(
        model, std::move(inputs), options, [](const PartInput&, const InputError*) {},
        std::atomic<bool>(false));
    return count;
  }

  /// A new index of what is there, in memory.
  IndexDirectory build(const std::string& factory = "Flat") const {
    const Corpus corpus = find_corpus(inputs(), {}, 1);
    const auto plan = plan_update(corpus, {}, {}, 1);
    PendingRows pending(dir / "build", pending_run(header()), {});
    embed(pending, corpus, plan);
    BuildOptions type;
    type.factory = factory;
    IndexDirectory directory = start_index(header(), type, pending);
    apply_update(directory, corpus, plan, pending, {});
    pending.remove();
    return directory;
  }

  struct Updated {
    std::size_t embedded = 0;
    UpdateCounts counts = {};
  };

  Updated update(IndexDirectory& directory, const CorpusInputs& inputs,
                 const UpdateRules& rules = {}) const {
    const Corpus corpus = find_corpus(inputs, directory.rows, 1);
    const auto plan = plan_update(corpus, directory.rows, rules, 1);
    PendingRows pending(dir / "update", pending_run(header()), {});
    Updated updated{embed(pending, corpus, plan), {}};
    updated.counts = count_update(corpus, plan, pending);
    if (changes_index(plan)) apply_update(directory, corpus, plan, pending, {});
    pending.remove();
    return updated;
  }
  Updated update(IndexDirectory& directory) const { return update(directory, inputs()); }

  TempDir dir;
  FakeModel model;
  EmbedOptions options;
};

}  // namespace claptools::testing
