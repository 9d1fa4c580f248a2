package roster.base.http;

/// Renders refusals as pages, for routes that people open in a browser. Programs get the contract's JSON.
public interface ErrorPages extends Refusals {}
