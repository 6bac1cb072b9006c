#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace claptools {

/// Text for XML and HTML, in an element or a quoted attribute. Markup characters become entities;
/// controls and invalid UTF-8 become \n, \xNN as in escape_controls(); code points that XML forbids
/// or that turn the direction of writing become U+FFFD.
std::string escape_markup(std::string_view text);

/// A number with at most `decimals` decimals and no zeros at its end, the same in every locale.
/// One that is not finite becomes "0", so that no drawing is malformed.
std::string decimal(double value, int decimals = 2);
/// The same with exactly that many, so that numbers in a column line up.
std::string fixed_decimal(double value, int decimals);
/// A result for a reader: as fixed_decimal(), but a dash for NaN and a sign for infinity.
std::string result_text(double value, int decimals);

/// A colour and the class by which a plot's style sheet changes it where readers have dark screens
/// (`class` for what is filled, `class-line` for what is stroked). Both are literals.
struct Paint {
  std::string_view colour;
  std::string_view css_class = {};
};

inline constexpr Paint kInk{"#1b1b1b", "ink"};
inline constexpr Paint kMuted{"#5c5c5c", "muted"};
inline constexpr Paint kGrid{"#dcdcdc", "grid"};
inline constexpr Paint kPaper{"#ffffff", "paper"};

/// Six of the eight colours of Okabe and Ito, "Color Universal Design" (2008): black is the ink,
/// and yellow cannot be seen on white.
inline constexpr Paint kBlue{"#0072b2", "blue"}, kVermilion{"#d55e00", "vermilion"},
    kGreen{"#009e73", "green"}, kPurple{"#cc79a7", "purple"}, kOrange{"#e69f00", "orange"},
    kSky{"#56b4e9", "sky"};

/// Writes one SVG plot, element by element; what comes out is well-formed whatever the texts. Its
/// colours are those of a light page, and lighter ones on black where a screen is dark.
class SvgWriter {
 public:
  /// @param width, height pixels; also the viewBox.
  /// @param title, description for screen readers.
  SvgWriter(double width, double height, std::string_view title, std::string_view description);

  SvgWriter& open(std::string_view tag);
  /// Attributes belong to the element opened last, before its text and children.
  SvgWriter& attribute(std::string_view name, std::string_view value);
  SvgWriter& attribute(std::string_view name, double value);
  SvgWriter& fill(Paint paint);
  SvgWriter& stroke(Paint paint, double width);
  SvgWriter& text(std::string_view text);
  /// A text that appears under the pointer; nothing for an empty one.
  SvgWriter& tooltip(std::string_view text);
  SvgWriter& close();

  /// Closes what is open and gives the plot.
  std::string finish();

 private:
  void end_tag();

  std::string out_;
  std::vector<std::string> open_;
  bool in_tag_ = false;
};

/// Pixels.
struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;

  double right() const { return x + width; }
  double bottom() const { return y + height; }
};

enum class Anchor { start, middle, end };

struct TextStyle {
  double size = 12;  ///< pixels
  Anchor anchor = Anchor::start;
  Paint paint = kInk;
  bool bold = false;
  double turn = 0;  ///< degrees clockwise about the text's own point
};

void draw_rect(SvgWriter& svg, const Box& box, Paint paint, std::string_view tooltip = {});
void draw_line(SvgWriter& svg, double x1, double y1, double x2, double y2, Paint paint,
               double width = 1);
/// @param y of the base line.
void draw_text(SvgWriter& svg, double x, double y, std::string_view text,
               const TextStyle& style = {});
/// A name cut to `width` pixels by fit_text(); the whole one is its tooltip where it was cut.
void draw_name(SvgWriter& svg, double x, double y, std::string_view name, double width,
               const TextStyle& style = {});
/// A plot's heading: what it shows, and a line beneath in smaller letters.
void draw_title(SvgWriter& svg, double width, std::string_view title, std::string_view subtitle);

/// Height that draw_title() takes.
inline constexpr double kTitleHeight = 58;

}  // namespace claptools
