"""What people see when something is not there, not theirs, or broken."""

from django.http import HttpRequest, HttpResponse

from assist_review.web.pages import page


def _say(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return page(request, "error.html", {"status_code": status, "title": title, "text": text}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400."""
    return _say(request, 400, "请求无法理解", "请返回上一页重试。")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403."""
    return _say(request, 403, "没有权限", "您的角色不能办理这项操作。如需开通，请联系管理员。")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404."""
    return _say(request, 404, "找不到这个页面", "地址可能有误，或者这份申请不在您可以查看的范围内。")


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    number = getattr(request, "id", "")
    return _say(request, 500, "系统出错", f"错误已记录，请稍后重试。联系管理员时请提供编号 {number}。")


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403 for a form whose origin could not be proved."""
    return _say(request, 403, "页面已过期", "请返回上一页，刷新后重新提交。")
