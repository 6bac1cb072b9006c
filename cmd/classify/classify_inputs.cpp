#include "cmd/classify/classify_inputs.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/metrics/lookup.hpp"
#include "claptools/pipeline/streams/input_reader.hpp"
#include "claptools/runs/run_header.hpp"
#include "claptools/store/file_set.hpp"
#include "claptools/store/row_blocks.hpp"
#include "cmd/options/arguments.hpp"
#include "cmd/program/interrupt.hpp"
#include "cmd/program/progress.hpp"

namespace claptools::cmd {
namespace {

/// What failed when the file was made has no row here either.
void take_errors(const EmbeddingReader& reader, const std::string& path, RowTable& table,
                 const Messages& messages) {
  const std::vector<InputError> errors = reader.errors();
  for (const InputError& error : errors) table.drop(error);
  if (errors.empty()) return;
  messages.warn(path + ": has no rows of inputs that failed: " + std::to_string(errors.size()) +
                ", such as " + quote_name(errors[0].id));
}

void classify_file(const std::string& path, const EmbeddingReader& reader,
                   const ClassifyOptions& options, const AcceptRows& accept, RowTable& table,
                   const Messages& messages) {
  const EmbeddingHeader& header = reader.header();
  accept(path, header);
  if (options.output.finds_events() && header.frame_hop_s == 0) {
    throw Error(Fault::data, path, "has no frames; embed with --frames");
  }
  table.begin(header, path);
  take_errors(reader, path, table, messages);
  const auto add = [&](const EmbeddingRows& rows) { table.add(rows); };
  visit_rows(reader, options.output.finds_events(), add, &handle_interrupts());
  if (interrupted_code() == 0) table.end();
}

/// Events go to files of other programs, which are told all recordings before.
bool writes_labels(const LabelOptions& options) {
  return options.finds_events() && output_format(options.table, true).labels != nullptr;
}

/// In the order of their first rows.
std::vector<std::string> recordings_of(const std::vector<std::string>& paths,
                                       KeptInputs<EmbeddingReader>& files) {
  std::vector<std::string> ids;
  for (const std::string& path : paths) {
    const auto reader = files.open(path);
    for (const Segment& segment : reader->segments())
      if (ids.empty() || ids.back() != segment.id) ids.push_back(segment.id);
  }
  return ids;
}

/// What is asked for: to teach, or an answer by labels or by a classifier.
void check_kind(ClassifyOptions& options, std::vector<std::string> files, bool embedded) {
  const CLI::App& app = *options.app;
  if (options.teach.wanted())
    return check_teach_options(app, options.teach, options.output.table, std::move(files));
  refuse_teach_options(app);
  if (!options.classifier.empty()) {
    check_classifier_options(app);
    files.push_back(options.classifier);
  }
  check_label_options(app, options.output, options.sources, files, embedded);
}

}  // namespace

bool check_options(ClassifyOptions& options) {
  const std::vector<std::string>& recordings = options.audio.recordings;
  if (options.inputs.empty() && recordings.empty())
    throw Error(Fault::usage, "INPUT is required", "see clap-classify --help");
  const auto count = static_cast<std::size_t>(std::ranges::count_if(options.inputs, is_hdf5));
  const bool embedded = count > 0;
  std::vector<std::string> files = options.inputs;
  files.insert(files.end(), recordings.begin(), recordings.end());
  check_kind(options, files, embedded);
  if (embedded && (count < options.inputs.size() || !recordings.empty()))
    throw Error(Fault::usage, "INPUT", "give either embedding files or recordings");
  Pooling& pooling = options.audio.pooling;
  if (options.output.needs_frames() && (pooling == Pooling::codebook || pooling == Pooling::mean)) {
    if (is_given(*options.app->get_option("--pool")))
      throw Error(Fault::usage, "--pool", "leaves no frames for --events or --explain");
    pooling = Pooling::none;
  }
  if (!embedded) check_audio_options(options.audio, *options.app);
  return embedded;
}

void classify_files(const ClassifyOptions& options, const AcceptRows& accept, RowTable& table,
                    const Messages& messages) {
  KeptInputs<EmbeddingReader> files = embedding_inputs();
  if (options.inputs.size() > 1) require_joinable(options.inputs, files);
  if (writes_labels(options.output)) table.expect(recordings_of(options.inputs, files));
  for (const std::string& path : options.inputs)
    classify_file(path, *files.open(path), options, accept, table, messages);
}

int classify_audio(const ClassifyOptions& options, const Program& program, const Model& model,
                   const std::string& sha256, const AcceptRows& accept, RowTable& table,
                   LabelPictures* pictures) {
  AudioOptions audio = options.audio;
  audio.frames = options.output.needs_frames();
  if (options.output.finds_events() && options.app->get_option("--short")->empty())
    audio.short_audio = ShortAudio::repeat;
  const EmbedOptions embed = to_embed_options(audio, model, program.threads);
  InputList list;
  if (!options.inputs.empty())
    list = list_inputs(options.inputs,
                       {.allow_pipe = options.allow_pipe, .log = program.messages.log()});
  const std::atomic<bool>& stop = handle_interrupts();  // until here a signal ends the program
  const std::vector<SpooledAudio> piped = open_recordings(audio, stop);
  add_recordings(audio, piped, list);
  EmbeddingHeader header;
  header.dim = model.spec().dim;
  header.model_name = model.spec().name;
  header.model_sha256 = sha256;
  header.precision = to_string(audio.precision);
  header.meta_columns = list.columns();
  const PackedInputs inputs = list.take();
  InputReader reader(inputs, {}, {&stop});
  const bool is_labels = writes_labels(options.output);
  if (!reader.size() && (pictures || is_labels)) {
    throw Error(Fault::usage, is_labels ? "--format" : "--report",
                "needs to know its recordings before: unpack the compressed shard");
  }
  const auto drawn = pictures ? inputs.all() : std::vector<AudioInput>();
  if (pictures) pictures->read_from(drawn);
  if (is_labels) {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < inputs.size(); ++i) ids.push_back(inputs.at(i).id);
    table.expect(ids);
  }
  describe_audio(embed, model, header);
  header.options = describe_reading(embed);
  accept(model.spec().name, header);
  Progress progress(program, "classified", "clips", reader.size().value_or(0));
  const auto report = [&](const InputError& e) {
    table.drop(e);
    program.messages.error(e.id + ": " + e.message);
  };
  const auto warn = [&](const std::string& id, const std::string& text) {
    program.messages.warn(id + ": " + text);
  };
  const RowSink sink{[&](const EmbeddingRows& rows) { table.add(rows); },
                     report,
                     [&](std::size_t done, double) { progress.update(done); },
                     {},
                     warn};
  table.begin(header, model.spec().name);
  // The columns of a table are told at its beginning: those that a stream names later are left out.
  const auto next = [&] {
    auto input = reader.next();
    if (input) input->meta.resize(header.meta_columns.size());
    return input;
  };
  const auto summary = embed_audio(model, next, embed, sink, stop);
  if (!summary.interrupted) table.end();
  progress.finish(summary.inputs - summary.failed);
  if (summary.failed == summary.inputs) return static_cast<int>(Fault::no_input);
  return summary.failed > 0 ? 1 : 0;
}

}  // namespace claptools::cmd
