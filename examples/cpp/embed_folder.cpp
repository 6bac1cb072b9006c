// usage: embed_folder MODEL FOLDER OUTPUT.h5
// A row for each recording of a folder, with progress of its own. A run that was interrupted or
// killed is resumed by the next one with the same arguments: what it had finished is copied, not
// embedded again.
#include <algorithm>
#include <atomic>
#include <claptools/core/error.hpp>
#include <claptools/core/files/output_lock.hpp>
#include <claptools/core/version.hpp>
#include <claptools/engine/model.hpp>
#include <claptools/pipeline/inputs.hpp>
#include <claptools/runs/run_journal.hpp>
#include <claptools/store/digest.hpp>
#include <claptools/store/timestamp.hpp>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

using namespace claptools;

namespace {

std::atomic<bool> stop = false;

std::string digest(const ModelFiles& files) {
  Sha256 sha256;
  visit_weight_bytes(files, [&](std::span<const std::byte> bytes) { sha256.update(bytes); });
  return sha256.hex();
}

class FolderRun {
 public:
  FolderRun(const Model& model, const std::string& sha256, const std::string& folder,
            const std::string& output)
      : model_(model),
        inputs_(list_inputs({folder}, {}).take()),
        lock_(output),
        journal_(output, {"model=" + sha256 + "\n", "embed_folder " + folder, utc_timestamp()},
                 RunJournal::Mode::resume, {}),
        writer_(output, header(sha256), false) {
    options_.window_s = options_.hop_s = model.spec().audio.window_s;
    options_.pooling = Pooling::mean;
  }

  /// @return whether all of it is done.
  bool run() {
    while (place_.inputs < inputs_.size() && !stop)
      if (!copy_part()) embed();
    if (place_.inputs < inputs_.size()) {
      journal_.publish();
      return false;
    }
    writer_.commit();
    journal_.remove();
    return true;
  }

 private:
  EmbeddingHeader header(const std::string& sha256) const {
    EmbeddingHeader header;
    header.dim = model_.spec().dim;
    header.model_name = model_.spec().name;
    header.model_sha256 = sha256;
    header.tool = std::string("embed_folder ") + kVersion;
    header.command = journal_.origin().command;
    header.created = journal_.origin().created;
    header.options = "pool=mean";
    header.sample_rate = model_.spec().audio.sample_rate;
    header.window_s = header.hop_s = model_.spec().audio.window_s;
    header.short_audio = "zero";
    return header;
  }

  /// What an earlier run left of the inputs from here on, if they have not changed since.
  bool copy_part() {
    const auto fits = [&](const PartReader& part) {
      return part.inputs().size() <= inputs_.size() - place_.inputs &&
             std::equal(part.inputs().begin(), part.inputs().end(),
                        inputs_.begin() + static_cast<std::ptrdiff_t>(place_.inputs),
                        [](const PartInput& made, const AudioInput& input) {
                          return made.id == input.id && made.stamp == stamp_of(input.path);
                        });
    };
    const auto part = journal_.find(place_, fits);
    if (!part) return false;
    part->replay({[&](const EmbeddingRows& rows) { writer_.append(rows); },
                  [&](const InputError& error) { writer_.append_error(error); },
                  [](const PartInput&, const InputError*) {}});
    from_ = place_ = part->next();
    std::fprintf(stderr, "%zu of %zu, copied\n", place_.inputs, inputs_.size());
    return true;
  }

  void embed() {
    const InputSource source = [this, next = place_.inputs]() mutable -> std::optional<AudioInput> {
      if (next == inputs_.size()) return std::nullopt;
      return inputs_[next++];
    };
    RowSink sink{
        [&](const EmbeddingRows& rows) { writer_.append(rows), journal_.part(from_).append(rows); },
        [&](const InputError& error) {
          writer_.append_error(error), journal_.part(from_).append_error(error);
        }};
    sink.ended = [&](const EndedInput& ended) { return end_input(ended); };
    embed_audio(model_, source, options_, sink, stop, place_);
  }

  /// @return false where an earlier run's part begins.
  bool end_input(const EndedInput& ended) {
    const AudioInput& input = ended.input;
    journal_.part(from_).end_input({input.id, ended.stamp, input.meta, ended.seconds, ended.wall_s},
                                   ended.next, ended.can_resume_here);
    place_ = ended.next;
    std::fprintf(stderr, "%zu of %zu: %s, %s\n", place_.inputs, inputs_.size(), input.id.c_str(),
                 ended.failure ? ended.failure->message.c_str() : "done");
    if (!ended.ends_part || place_.inputs == inputs_.size()) return true;
    journal_.publish();
    from_ = place_;
    return !journal_.has_part(place_);
  }

  const Model& model_;
  std::vector<AudioInput> inputs_;
  OutputLock lock_;
  RunJournal journal_;
  EmbeddingWriter writer_;
  EmbedOptions options_;
  RunPosition place_, from_;  ///< reached; where the part in hand began
};

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) throw Error(Fault::usage, argv[0], "MODEL FOLDER OUTPUT.h5");
  std::signal(SIGINT, [](int) { stop = true; });
  std::signal(SIGTERM, [](int) { stop = true; });
  ModelPaths paths;
  paths.model = argv[1];
  const ModelFiles files = read_model_files(paths, {});
  ModelOptions options;
  options.workload = Workload::audio;
  const auto model = Model::load(files, options, {});
  return FolderRun(*model, digest(files), argv[2], argv[3]).run() ? 0 : 130;
} catch (const Error& e) {
  std::fprintf(stderr, "embed_folder: %s\n", e.what());
  return static_cast<int>(e.fault());
}
