// Viewer request, a CloudFront Function: an address of the blog that names a folder shows the folder's index page.
// S3 has objects and no folders, so that CloudFront would answer /blog/ with a 404.

function handler(event) {
  const request = event.request;
  if (request.uri === '/blog') {
    request.uri = '/blog/index.html';
  } else if (request.uri.endsWith('/')) {
    request.uri += 'index.html';
  }
  return request;
}
