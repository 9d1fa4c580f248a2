package roster.base.html;

/// How browsers are dealt with at every door.
public record Browsers(Site site, Csrf csrf) {}
