"""How templates are compiled: as Jinja does, with quicker ways to escape and to look into a view."""

from keyword import iskeyword

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame

from kgpub.represent.locale import Voice
from kgpub.represent.markup import inert


class _Generator(CodeGenerator):
    """Writes a template as Python: what it puts out goes through ``inert``, which makes no object of what is safe.

    A page puts out hundreds of values, nearly all of which are fragments or have nothing to escape. Our own templates,
    which come from files, look only for what views have; a site's may look for anything, as Jinja lets them.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if finalize.src is None and frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write("environment.inert(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Call(  # noqa: N802 # Jinja's name
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """A call of ``say``, of which Jinja need not find out how it wants to be called."""
        if self.filename is None or forward_caller or not _is_say(node.node):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("environment.said(")
        self.visit(node.node, frame)
        self.signature(node, frame)
        self.write(")")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 # Jinja's name
        """An attribute of a view, asked for as Python does."""
        if self.filename is None or iskeyword(node.attr):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")


def _is_say(called: nodes.Expr) -> bool:
    return isinstance(called, nodes.Name) and called.name == "say"


def _said(say: Voice, key: str, **values: object) -> str:
    return say(key, **values)


class Templates(Environment):
    """Jinja's environment with that way to escape."""

    code_generator_class = _Generator
    inert = staticmethod(inert)
    said = staticmethod(_said)
