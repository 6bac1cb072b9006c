#include "cmd/corpus/build_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "claptools/archive/tar_reader.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/files/output_lock.hpp"
#include "claptools/core/files/scratch.hpp"
#include "claptools/corpus/index_settings.hpp"
#include "claptools/manifests/audio_names.hpp"
#include "claptools/runs/run_header.hpp"
#include "claptools/store/row_blocks.hpp"
#include "cmd/corpus/corpus_run.hpp"
#include "cmd/embed/embed_run.hpp"
#include "cmd/index/index_commands.hpp"
#include "cmd/options/arguments.hpp"

namespace claptools::cmd {
namespace {

namespace fs = std::filesystem;

/// Whether an input is to be embedded first; else it has embeddings.
bool is_recordings(const std::string& input) {
  std::error_code code;
  if (input == "-") return false;
  if (fs::is_directory(current_folder(input), code))
    return !fs::exists(current_folder(input) / "rows.h5", code);
  const bool may_be = has_audio_extension(input) || is_tar_name(input) || is_manifest_name(input) ||
                      is_list_name(input);
  return may_be && !(fs::is_regular_file(input, code) && is_hdf5(input));
}

bool names_recordings(const CorpusChoice& choice) {
  const auto count = static_cast<std::size_t>(std::ranges::count_if(choice.inputs, is_recordings));
  const bool lists = !choice.files_from.empty() || !choice.files0_from.empty();
  if ((count > 0 || lists) && count < choice.inputs.size())
    throw Error(Fault::usage, "INPUT",
                "embedding files and recordings cannot be mixed; build an index of the recordings "
                "and add the files");
  return count > 0 || lists;
}

/// Options of recordings, given for embedding files, would change nothing.
void require_plain(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    const bool of_recordings = option->get_group() == "Audio" || option->get_group() == "Model";
    if (of_recordings && is_given(*option))
      throw Error(Fault::usage, option->get_name(), "has no effect on embedding files");
  }
}

/// A text that names nothing is neither of what it could be.
void require_names(const Corpus& corpus, const CorpusChoice& choice) {
  if (!corpus.inputs.empty() || choice.inputs.size() != 1 || !is_list_name(choice.inputs[0]))
    return;
  throw Error(Fault::data, choice.inputs[0],
              "is not an embedding file, nor a list of recordings that are there");
}

EmbeddingHeader make_header(const BuildArguments& arguments, const OpenedModel& opened,
                            const EmbedOptions& options) {
  EmbeddingHeader header = header_of(opened);
  header.precision = to_string(arguments.audio.precision);
  describe_audio(options, *opened.model, header);
  header.options = describe_options(options, false);
  return header;
}

OpenedModel open_sound_model(const BuildArguments& arguments, const Program& program) {
  OpenedModel opened =
      open_model(arguments.model, program, Workload::audio, arguments.audio.precision);
  program.messages.detail("device: " + opened.model->device());
  check_texts(opened, arguments.allow_collapsed, program);
  opened.model->check_sounds();
  return opened;
}

int build_from_recordings(BuildArguments& arguments, const CLI::App& command,
                          const Program& program) {
  IndexOptions& options = *arguments.index;
  check_audio_options(arguments.audio, command);
  const OutputLock lock(options.output);
  require_creatable_folder(options.output, options.force);
  const Corpus corpus =
      find_corpus(to_corpus_inputs(arguments.corpus, program), {}, program.threads);
  require_names(corpus, arguments.corpus);
  say_broken(corpus, program);
  const std::size_t count = corpus.inputs.size() + corpus.broken.size();
  if (corpus.inputs.empty()) return answer_nothing(count, program);
  const OpenedModel opened = open_sound_model(arguments, program);
  const EmbedOptions embedding = to_embed_options(arguments.audio, *opened.model, program.threads);
  const EmbeddingHeader header = make_header(arguments, opened, embedding);
  PendingRows pending(options.output, pending_run(header), program.messages.log());
  const std::vector<PlannedFile> plan = plan_update(corpus, {}, {}, 1);
  std::vector<AudioInput> inputs = inputs_to_embed(corpus, plan, pending);
  if (const int code = embed_pending(pending, std::move(inputs), *opened.model, embedding,
                                     options.output, program))
    return code;
  const UpdateCounts counts = count_update(corpus, plan, pending);
  if (counts.added == 0) {
    pending.remove();
    return answer_nothing(count, program);
  }
  if (!options.factory.empty()) options.build.factory = options.factory;
  options.build.threads = program.threads;
  IndexDirectory directory = start_index(header, options.build, pending);
  apply_update(directory, corpus, plan, pending, update_events(options.output, directory, program));
  write_index(options.output, directory, program, options.force);
  pending.remove();
  if (counts.failed == 0) return 0;
  program.messages.note("indexed " + std::to_string(counts.added) + " of " +
                        std::to_string(counts.added + counts.failed) + " clips");
  return 1;
}

}  // namespace

void add_build_options(CLI::App& command, BuildArguments& arguments) {
  add_corpus_options(
      command, arguments.corpus,
      "embedding files, or recordings: files, folders, manifests, tar shards, lists");
  add_output(command, *arguments.index);
  CLI::Option* factory = add_factory(command, *arguments.index, "FAISS index string (Flat)");
  command
      .add_option("--like", arguments.index->build.like, "use the type and training of this index")
      ->type_name("INDEX")
      ->excludes(factory);
  add_audio_options(command, arguments.audio);
  command
      .add_flag("--allow-collapsed", arguments.allow_collapsed,
                "embed sound although the model's text encoder has collapsed")
      ->group("Audio");
  for (const char* option : {"--audio", "--frames"})  // an index holds files, and no frames
    command.remove_option(command.get_option(option));
  add_model_options(command, arguments.model);
}

int build(BuildArguments& arguments, const CLI::App& command, const Program& program) {
  check(arguments.corpus, program);
  arguments.index->inputs = arguments.corpus.inputs;
  if (names_recordings(arguments.corpus)) {
    check_output(*arguments.index);
    return build_from_recordings(arguments, command, program);
  }
  require_plain(command);
  return build_from_files(*arguments.index, program);
}

}  // namespace claptools::cmd
