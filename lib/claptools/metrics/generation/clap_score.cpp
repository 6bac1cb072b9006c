#include "claptools/metrics/generation/clap_score.hpp"

#include <cmath>
#include <functional>
#include <numeric>
#include <optional>
#include <string>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/metrics/lookup.hpp"

namespace claptools {
namespace {

constexpr NameKind kCaption{"caption", "captions", "those embedded", false};

/// Finds the text of a row of the table.
class TextFinder {
 public:
  TextFinder(const Table& table, std::string_view subject, std::span<const std::string> texts,
             std::string_view texts_subject)
      : table_(table),
        subject_(subject),
        texts_(texts.size()),
        audio_id_(table.require("audio_id", subject)),
        caption_(table.find("caption")),
        index_(table.find("caption_index")) {
    if (caption_) lookup_.emplace(texts, texts_subject, kCaption);
  }

  std::size_t find(std::size_t row) const {
    const auto& fields = table_.rows[row];
    const auto number = index_ ? parse<std::size_t>(fields[*index_]) : row;
    const auto found = caption_ ? lookup_->find(fields[*caption_]) : number;
    if (found && *found < texts_) return *found;
    const std::string name = caption_ ? fields[*caption_]
                             : index_ ? fields[*index_]
                                      : std::to_string(row);
    throw Error(Fault::data, subject_,
                "caption " + quote_name(name) + " of " + quote_name(fields[audio_id_]) +
                    " has no text embedding");
  }

 private:
  const Table& table_;
  std::string subject_;
  std::size_t texts_, audio_id_;
  std::optional<std::size_t> caption_, index_;  // columns
  std::optional<Lookup> lookup_;
};

double norm(std::span<const float> row, std::string_view kind, std::size_t i) {
  double sum = 0;
  for (const float value : row) sum += static_cast<double>(value) * value;
  if (sum > 0 && std::isfinite(sum)) return std::sqrt(sum);
  throw Error(Fault::data, "row " + std::to_string(i) + " of the " + std::string(kind),
              "is zero or not finite");
}

}  // namespace

std::vector<CaptionPair> match_caption_pairs(const Table& table, std::string_view subject,
                                             ClipMatcher& audios,
                                             std::span<const std::string> texts,
                                             std::string_view texts_subject) {
  const std::size_t audio_id = table.require("audio_id", subject);
  const TextFinder finder(table, subject, texts, texts_subject);
  std::vector<CaptionPair> pairs;
  std::vector<bool> has_text(audios.ids().size());
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const std::size_t text = finder.find(i);
    const auto audio = audios.find(table.rows[i][audio_id]);
    if (!audio) continue;
    pairs.push_back({*audio, text});
    has_text[*audio] = true;
  }
  audios.settle(subject);
  for (std::size_t a = 0; a < has_text.size(); ++a)
    if (!has_text[a])
      throw Error(Fault::data, subject, "has no caption of " + quote_name(audios.ids()[a]));
  return pairs;
}

std::vector<double> pair_cosines(MatrixView audio, MatrixView text,
                                 std::span<const CaptionPair> pairs) {
  if (audio.cols != text.cols) throw Error(Fault::data, "embeddings", "have different dimensions");
  std::vector<double> cosines;
  for (const CaptionPair& pair : pairs) {
    const auto a = audio.row(pair.audio), t = text.row(pair.text);
    const double dot = std::inner_product(a.begin(), a.end(), t.begin(), 0.0, std::plus<>(),
                                          [](double x, double y) { return x * y; });
    cosines.push_back(dot / (norm(a, "audio", pair.audio) * norm(t, "texts", pair.text)));
  }
  return cosines;
}

}  // namespace claptools
