import sys

from cloudfront_local.cli import main

sys.exit(main())
