"""Formulas become text: signs where only the layout shows what is meant, and one form of each formula."""

import pytest

from cleaner.segment.html import segment

TEX = "<annotation encoding=application/x-tex>x^{2}</annotation>"
SQUARE = "<msup><mi>x</mi><mn>2</mn></msup>"


def text_of(formula: str) -> str:
    """The text of a formula in a sentence, which is one block."""
    (block,) = segment(f"<p>Let {formula} be the length of the pier.</p>").blocks
    return block.text.removeprefix("Let ").removesuffix(" be the length of the pier.")


@pytest.mark.parametrize(
    ("mathml", "text"),
    [
        ("<mi>x</mi><mo>=</mo><mn>12</mn>", "x=12"),
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac><mi>x</mi>", "(a+1)/2 x"),
        ("<msqrt><mi>x</mi></msqrt><mo>+</mo><msqrt><mn>2</mn><mi>y</mi></msqrt>", "√x+√(2y)"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "x^(1/3)"),
        ("<msup><mi>x</mi><mrow><mo>-</mo><mn>2</mn></mrow></msup><mi>y</mi>", "x^(-2) y"),
        ("<msub><mi>x</mi><mi>i</mi></msub><msubsup><mi>z</mi><mn>1</mn><mn>2</mn></msubsup>", "x_i z_1^2"),
        ("<msup><mi>f</mi><mo>′</mo></msup><mo>(</mo><mi>x</mi><mo>)</mo>", "f′(x)"),
        ("<mover><mi>x</mi><mo>¯</mo></mover><mo>=</mo><mn>4</mn>", "x¯=4"),
        (
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>i</mi>",
            "∑_(i=1)^n i",
        ),
        ("<mi>sin</mi><mi>x</mi>", "sin x"),
        ("<mfenced><mi>x</mi><mi>y</mi><mi>z</mi></mfenced>", "(x,y,z)"),
        ("<mfenced open='[' close=']' separators=';'><mi>x</mi><mi>y</mi></mfenced>", "[x;y]"),
        (
            (
                "<mo>[</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr><mtr><mtd><mn>3</mn></mtd></mtr></mtable>"
                "<mo>]</mo>"
            ),
            "[1, 2; 3]",
        ),
        ("<mfrac></mfrac><msqrt></msqrt><mfenced></mfenced><msup></msup>x", "x"),
    ],
)
def test_the_parts_of_a_formula_are_told_apart(mathml, text):
    assert text_of(f"<math>{mathml}</math>") == text


@pytest.mark.parametrize(
    "formula",
    [
        f"<math><semantics>{SQUARE}{TEX}</semantics></math>",
        f"<math><semantics>{TEX}</semantics></math>",
        # as LaTeXML writes it, in four forms
        (
            f"<math><semantics>{SQUARE} <annotation-xml encoding=MathML-Content><apply><ci>x</ci></apply></annotation-xml>"
            f"{TEX}<annotation encoding=application/x-llamapun>italic_x</annotation></semantics></math>"
        ),
        # KaTeX
        (
            f"<span class=katex><span class=katex-mathml><math><semantics>{SQUARE}{TEX}</semantics></math></span>"
            "<span class=katex-html aria-hidden=true><span class=mord>x</span><span>2</span></span></span>"
        ),
        # MathJax 2, before it has drawn the formula and afterwards
        "<span class=MathJax_Preview>[math]</span><script type='math/tex'>x^{2}</script>",
        (
            "<span class=MathJax_Preview></span><span class=MathJax><nobr aria-hidden=true>x2</nobr>"
            f"<span class=MJX_Assistive_MathML><math>{SQUARE}</math></span></span>"
            " <script type='math/tex; mode=display'>x^{2}</script>"
        ),
    ],
)
def test_of_several_forms_of_a_formula_its_tex_stays(formula):
    assert text_of(formula) == "x^{2}"


def test_without_tex_the_mathml_stays():
    notes = "<annotation encoding=StarMath>x^2</annotation>"
    drawn = f"<nobr aria-hidden=true>x2</nobr><span class=MJX_Assistive_MathML><math>{SQUARE}</math></span>"
    assert text_of(f"<math><semantics>{SQUARE}{notes}</semantics></math>") == "x^2"
    assert text_of(f"<span class=MathJax>{drawn}</span>") == "x^2"
    assert text_of("<annotation>x</annotation>") == "x"  # no formula


def test_a_form_that_is_never_closed_swallows_no_page():
    source = "<math><semantics><mi>x</mi><annotation-xml encoding=text/html><p>The ferry sailed.</p><p>It was late."
    assert [block.text for block in segment(source).blocks] == ["x", "The ferry sailed.", "It was late."]


def test_a_script_of_formulas_takes_no_text_of_the_page_with_it():
    source = "<p><span class=MathJax_Preview>y</span> is long, and <script type='math/tex'>x</script> is short.</p>"
    assert [block.text for block in segment(source).blocks] == ["y is long, and x is short."]


def test_forms_inside_of_forms_go_once():
    nested = f"<semantics><semantics><semantics>{SQUARE}{TEX}</semantics>{TEX}</semantics>{TEX}</semantics>"
    drawn = "<i class=katex-mathml></i><i class=katex-html>1<i class=katex-mathml></i><i class=katex-html>2</i></i>"
    assert text_of(f"<math>{nested}</math>{drawn}") == "x^{2}"
