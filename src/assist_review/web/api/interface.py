"""The interface as a whole: its operations, its errors and its description."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from assist_review.errors import AssistReviewError
from assist_review.web.api import files, public, reviews
from assist_review.web.api import filings as applications
from assist_review.web.api.shapes import Problem
from assist_review.web.filings import Conflict

PROBLEM = "application/problem+json"


class _Interface(NinjaAPI):
    def get_openapi_operation_id(self, operation: Any) -> str:
        """The ids that programs know, whichever module an operation stands in."""
        return f"assist_review_web_api_{operation.view_func.__name__}"

    def get_openapi_schema(self, **_: Any) -> Any:
        """The description, with errors under the content type they have and files as bytes."""
        schema = super().get_openapi_schema()
        for path, operations in schema["paths"].items():
            for operation in operations.values():
                for code, answer in operation["responses"].items():
                    content = answer.get("content", {})
                    if int(code) >= 400 and "application/json" in content:
                        content[PROBLEM] = content.pop("application/json")
                if path.endswith(("/reports/{kind}", "/revised")):
                    operation["responses"][200]["content"] = {
                        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
                    }
        return schema


api = _Interface(
    title="assist-review", version="1", urls_namespace="api", docs_url=None, openapi_url="v1/openapi.json",
    description="生成式人工智能服务备案（登记）：提交、查询、上传、自检、问题、意见、文书、公开名单。错误以 application/problem+json 返回。",
)  # fmt: skip
for _each in (applications.router, files.router, reviews.router, public.router):
    api.add_router("", _each)


def _problem(status: int, title: str, detail: str = "", errors: list[dict[str, Any]] | None = None) -> HttpResponse:
    said = Problem(title=title, status=status, detail=detail, errors=errors or [])
    return HttpResponse(said.model_dump_json(), status=status, content_type=PROBLEM)


_TITLES = {
    400: "请求无法理解",
    401: "需要登录",
    403: "没有权限",
    404: "没有找到",
    409: "有冲突",
    422: "内容不符合要求",
    429: "过于频繁",
}


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:  # noqa: ARG001
    return _problem(error.status_code, _TITLES.get(error.status_code, "错误"), str(error))


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:  # noqa: ARG001
    response = _problem(401, _TITLES[401], "请在 Authorization 中给出令牌，或先在网站登录。")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:  # noqa: ARG001
    errors = [{"at": [str(p) for p in e.get("loc", ())], "message": str(e.get("msg", ""))} for e in error.errors]
    return _problem(422, _TITLES[422], "", errors)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:  # noqa: ARG001
    return _problem(404, _TITLES[404], "没有这项内容，或者不在您可以查看的范围内。")


@api.exception_handler(Conflict)
def _conflict(request: HttpRequest, error: Conflict) -> HttpResponse:  # noqa: ARG001
    return _problem(409, _TITLES[409], str(error))


@api.exception_handler(AssistReviewError)
def _refused(request: HttpRequest, error: AssistReviewError) -> HttpResponse:  # noqa: ARG001
    return _problem(422, _TITLES[422], str(error))


def described() -> dict[str, Any]:
    """The OpenAPI document."""
    return api.get_openapi_schema()
