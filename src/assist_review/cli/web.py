"""The commands about the site."""

from rich.console import Console


def verify_audit(head: str) -> int:
    """Checks the audit log; prints what does not hold and, where all does, the newest hash to note down."""
    from assist_review.web.serve import set_up

    set_up()
    from assist_review.web.audit import verify
    from assist_review.web.models import AuditRecord

    console = Console()
    broken = list(verify(head))
    for line in broken:
        console.print(f"[red]✗[/] {line}", highlight=False, soft_wrap=True)
    if broken:
        console.print(f"[red]审计记录有{len(broken)}处不符。[/]")
        return 1
    last = AuditRecord.objects.order_by("-sequence").first()
    console.print(f"[green]审计记录完整：共{last.sequence if last else 0}条。[/]")
    if last:
        console.print(f"最新校验值：{last.sha256}", highlight=False, soft_wrap=True)
    return 0
