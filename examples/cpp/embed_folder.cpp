// usage: embed_folder MODEL FOLDER OUTPUT.h5
// A row for each recording of a folder, with progress of its own. A run that was interrupted or
// killed is resumed by the next one with the same arguments: what it had finished is copied, not
// embedded again.
#include <atomic>
#include <claptools/core/error.hpp>
#include <claptools/core/version.hpp>
#include <claptools/engine/model.hpp>
#include <claptools/models/opened_model.hpp>
#include <claptools/pipeline/inputs.hpp>
#include <claptools/runs/embedding_run.hpp>
#include <claptools/runs/run_header.hpp>
#include <claptools/store/timestamp.hpp>
#include <csignal>
#include <cstdio>
#include <string>

using namespace claptools;

namespace {

std::atomic<bool> stop = false;

/// Who made the file, of what and how.
EmbeddingHeader describe(const Model& model, const std::string& sha256, const EmbedOptions& options,
                         const std::string& folder) {
  EmbeddingHeader header;
  header.dim = model.spec().dim;
  header.model_name = model.spec().name;
  header.model_sha256 = sha256;
  header.tool = std::string("embed_folder ") + kVersion;
  header.command = "embed_folder " + folder;
  header.created = utc_timestamp();
  header.options = describe_options(options, header.half);
  describe_audio(options, model, header);
  return header;
}

/// @return whether all of it is done.
bool embed_folder(const Model& model, const std::string& sha256, const std::string& folder,
                  const std::string& output) {
  EmbedOptions options;
  options.window_s = options.hop_s = model.spec().audio.window_s;
  options.pooling = Pooling::mean;
  const EmbeddingHeader header = describe(model, sha256, options, folder);
  EmbeddingRun run(model, list_inputs({folder}, {}).take(), options, header,
                   {output, RunJournal::Mode::resume,
                    run_fingerprint(header, {{}, model.device(), options.batch})});
  EmbeddingEvents events;
  events.ended = [&](const PartInput& input, const InputError* failure, bool copied) {
    std::fprintf(stderr, "%zu of %zu: %s, %s\n", run.done(), *run.inputs(), input.id.c_str(),
                 failure != nullptr ? failure->message.c_str()
                 : copied           ? "copied"
                                    : "done");
  };
  if (!run.run(events, stop)) {
    run.interrupt();
    return false;
  }
  run.commit();
  return true;
}

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
  return embed_folder(*model, weights_sha256(files), argv[2], argv[3]) ? 0 : 130;
} catch (const Error& e) {
  std::fprintf(stderr, "embed_folder: %s\n", e.what());
  return static_cast<int>(e.fault());
}
