#include "claptools/evaluate/generation/generation.hpp"

#include <algorithm>
#include <initializer_list>
#include <numeric>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/evaluate/generation/frechet_distance.hpp"
#include "claptools/evaluate/intervals.hpp"
#include "claptools/evaluate/task_parts.hpp"
#include "claptools/metrics/generation/clap_score.hpp"
#include "claptools/metrics/lookup.hpp"
#include "claptools/metrics/retrieval/retrieval.hpp"
#include "claptools/store/embedding_file.hpp"
#include "claptools/store/vector_space.hpp"

namespace claptools {
namespace {

constexpr const char* kClapScore = "clap_score";
constexpr const char* kPairs = "n_pairs";
constexpr const char* kDistance = "frechet_audio_distance";
constexpr const char* kAudio = "n_audio";
constexpr const char* kReference = "n_reference";

void require_kind(const EmbeddingReader& reader, const std::string& path, const char* kind) {
  if (reader.header().kind != kind) throw Error(Fault::data, path, std::string("holds no ") + kind);
  if (reader.rows() == 0) throw Error(Fault::data, path, "has no row");
}

void require_model(const EmbeddingReader& reader, const std::string& path,
                   const EmbeddingReader& audio, const std::string& audio_path) {
  const EmbeddingHeader &own = reader.header(), &other = audio.header();
  if (own.model_sha256 != other.model_sha256 || own.dim != other.dim)
    throw Error(Fault::data, path, "was made with another model than " + audio_path);
  if (are_of_other_models(own.space, other.space))
    throw Error(Fault::data, path, other_space(own.space, other.space));
}

/// Distributions of other conditions differ without any sound differing.
void require_conditions(const EmbeddingReader& reader, const std::string& path,
                        const EmbeddingReader& audio) {
  const EmbeddingHeader &own = reader.header(), &other = audio.header();
  if (are_of_other_spaces(own.space, other.space))
    throw Error(Fault::data, path, other_space(own.space, other.space));
  if (own.window_s != other.window_s)
    throw Error(Fault::data, path,
                "has windows of " + number_text(own.window_s) + " s, the generated sounds " +
                    number_text(other.window_s) + " s");
}

ReportRows describe(const EmbeddingHeader& header) {
  ReportRows rows{{"model_name", header.model_name},
                  {"model_sha256", header.model_sha256},
                  {"space", header.space},
                  {"window_s", number_text(header.window_s)},
                  {"hop_s", number_text(header.hop_s)},
                  {"short_audio", header.short_audio},
                  {"pooling", std::string(pooling_of(header.space))},
                  {"audio_command", header.command}};
  std::erase_if(rows, [](const auto& row) { return row.second.empty(); });
  return rows;
}

std::vector<std::string> ids_of(const EmbeddingReader& reader) {
  std::vector<std::string> ids;
  for (const Segment& segment : reader.segments()) ids.push_back(segment.id);
  return ids;
}

/// Without a truth: the column `caption` of the sounds, as a table.
Table caption_table(const EmbeddingReader& audio, const std::string& path) {
  const auto& columns = audio.header().meta_columns;
  const auto column = std::ranges::find(columns, "caption") - columns.begin();
  if (static_cast<std::size_t>(column) == columns.size())
    throw Error(Fault::data, path, "has no meta column 'caption'; give `truth`");
  const auto& captions = audio.meta(static_cast<std::size_t>(column));
  Table table{{"audio_id", "caption"}, {}, {}};
  for (std::size_t i = 0; i < audio.rows(); ++i) {
    table.rows.push_back({audio.segments()[i].id, captions[i]});
    table.lines.push_back(i + 1);
  }
  return table;
}

/// The mean of the pairs, whose clips are drawn, some several times.
double drawn_mean(std::span<const double> cosines, std::span<const CaptionPair> pairs,
                  std::span<const std::size_t> clips, std::size_t all) {
  std::vector<std::size_t> times(all);
  for (const std::size_t clip : clips) ++times[clip];
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto weight = static_cast<double>(times[pairs[i].audio]);
    sum += weight * cosines[i];
    count += weight;
  }
  return sum / count;
}

void add_clap_score(const GenerationTask& task, const EmbeddingReader& audio,
                    Evaluation& evaluation) {
  const EmbeddingReader text(task.text);
  require_kind(text, task.text, "text");
  require_model(text, task.text, audio, task.audio);
  std::vector<std::string> failed;
  for (const InputError& error : audio.errors()) failed.push_back(error.id);
  const std::vector<std::string> ids = ids_of(audio), texts = ids_of(text);
  ClipMatcher audios(ids, match_options(task.options, std::move(failed)), kScoredAudio, task.audio);
  const bool own = task.truth.empty();
  const Table table = own ? caption_table(audio, task.audio) : read_table_file(task.truth);
  const auto pairs =
      match_caption_pairs(table, own ? task.audio : task.truth, audios, texts, task.text);
  const auto cosines = about(task.audio + ", " + task.text, [&] {
    return pair_cosines(audio.embeddings(0, audio.rows()), text.embeddings(0, text.rows()), pairs);
  });
  const double mean =
      std::accumulate(cosines.begin(), cosines.end(), 0.0) / static_cast<double>(cosines.size());
  MetricValues values{{kClapScore, "", mean}};
  const auto resampled = [&](std::span<const std::size_t> clips) {
    return MetricValues{{kClapScore, "", drawn_mean(cosines, pairs, clips, ids.size())}};
  };
  add_intervals(values, ids.size(), resampled, task.options);
  values.push_back({kPairs, "", static_cast<double>(pairs.size())});
  evaluation.values.insert(evaluation.values.end(), values.begin(), values.end());
  evaluation.missing = audios.missing();
  evaluation.provenance.emplace_back("text_command", text.header().command);
}

void warn_of_rank(const EmbeddingReader& reader, const std::string& path, const Log& log) {
  if (reader.rows() > reader.header().dim) return;
  report(log, LogLevel::warning,
         path + ": " + std::to_string(reader.rows()) + " rows of " +
             std::to_string(reader.header().dim) +
             " numbers: too few for a Fréchet distance that others can be compared with");
}

void add_distance(const GenerationTask& task, const EmbeddingReader& audio,
                  Evaluation& evaluation) {
  const EmbeddingReader reference(task.reference);
  require_kind(reference, task.reference, "audio");
  require_model(reference, task.reference, audio, task.audio);
  require_conditions(reference, task.reference, audio);
  warn_of_rank(audio, task.audio, task.options.log);
  warn_of_rank(reference, task.reference, task.options.log);
  const auto moments = [](const std::string& path, const EmbeddingReader& reader) {
    return about(path, [&] { return embedding_moments(reader.embeddings(0, reader.rows())); });
  };
  const double distance =
      frechet_distance(moments(task.audio, audio), moments(task.reference, reference));
  evaluation.values.push_back({kDistance, "", distance});
  evaluation.values.push_back({kAudio, "", static_cast<double>(audio.rows())});
  evaluation.values.push_back({kReference, "", static_cast<double>(reference.rows())});
  evaluation.provenance.emplace_back("reference_command", reference.header().command);
}

}  // namespace

Evaluation evaluate(const GenerationTask& task) {
  if (task.text.empty() && task.reference.empty())
    throw Error(Fault::usage, "generation", "give `text`, `reference` or both");
  const EmbeddingReader audio(task.audio);
  require_kind(audio, task.audio, "audio");
  Evaluation evaluation{{}, describe(audio.header()), {}, {}};
  for (const InputError& error : audio.errors()) evaluation.missing.push_back(error.id);
  const auto wants = [&](std::initializer_list<const char*> names) {
    return std::ranges::any_of(names,
                               [&](const char* name) { return task.options.metrics.needs(name); });
  };
  if (!task.text.empty() && wants({kClapScore, kPairs})) add_clap_score(task, audio, evaluation);
  if (!task.reference.empty() && wants({kDistance, kAudio, kReference}))
    add_distance(task, audio, evaluation);
  count_missing(evaluation);
  return evaluation;
}

std::vector<std::string> metric_names(const GenerationTask& /*task*/) {
  return with_missing({kClapScore, kPairs, kDistance, kAudio, kReference});
}

}  // namespace claptools
